/** What is asked of the server. What goes wrong is said, once, where everybody sees it. */
import { el } from './words.js';

const TOLD_MILLIS = 8000;

export async function get(path) {
  return told(await fetch(path).catch(() => null));
}

/** The same for what the page asks by itself again and again: a failure shows as "connection lost" already. */
export async function quietly(path) {
  const response = await fetch(path).catch(() => null);
  return response?.ok ? response.json().catch(() => null) : null;
}

export async function post(path, body = {}) {
  return told(await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).catch(() => null));
}

async function told(response) {
  const answer = await response?.json().catch(() => null);
  if (response?.ok) return answer;
  toast(answer?.detail ?? 'The console does not answer.');
  return null;
}

export function toast(text) {
  document.querySelector('.toast')?.remove();
  const box = el('p', { class: 'toast', role: 'alert' }, text);
  document.body.append(box);
  setTimeout(() => box.remove(), TOLD_MILLIS);
}
