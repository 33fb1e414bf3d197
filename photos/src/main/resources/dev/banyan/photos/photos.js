// Everything works without this file; it saves page loads and shows what happens live.
'use strict';

// Likes without a page load.
document.addEventListener('submit', async event => {
  const form = event.target.closest('form[data-like]');
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector('button');
  const liked = button.getAttribute('aria-pressed') === 'true';
  button.disabled = true;
  try {
    const answer = await fetch(`/api/v1/photos/${form.dataset.like}/like`, { method: liked ? 'DELETE' : 'PUT' });
    if (!answer.ok) throw new Error(String(answer.status));
    const state = await answer.json();
    button.setAttribute('aria-pressed', String(state.liked));
    button.querySelector('span').textContent = short(state.likes);
    form.action = `/photos/${form.dataset.like}/${state.liked ? 'unlike' : 'like'}`;
  } catch (problem) {
    toast('That did not work; try again.');
  } finally {
    button.disabled = false;
  }
});

function short(n) {
  if (n < 1000) return String(n);
  const [size, unit] = n < 1000000 ? [1000, 'k'] : [1000000, 'M'];
  const tenths = Math.floor(n * 10 / size);
  return (tenths < 100 && tenths % 10 ? tenths / 10 : Math.floor(tenths / 10)) + unit;
}

// The next photos when the end of the list comes near.
const list = document.getElementById('list');
if (list && 'IntersectionObserver' in window) {
  const observer = new IntersectionObserver(async entries => {
    const next = document.querySelector('.older');
    if (!next || !entries.some(entry => entry.isIntersecting)) return;
    observer.unobserve(next);
    try {
      const answer = await fetch(next.querySelector('a').href);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      list.append(...page.querySelectorAll('#list > article'));
      const further = page.querySelector('.older');
      if (further) { next.replaceWith(further); observer.observe(further); } else next.remove();
    } catch (problem) { /* The link is still there. */ }
  }, { rootMargin: '600px' });
  const next = document.querySelector('.older');
  if (next) observer.observe(next);
}

// A preview of the photo to be shared, and dropping one on the form.
const chooser = document.querySelector('input[type=file]');
if (chooser) {
  const drop = chooser.closest('.drop');
  const preview = document.getElementById('preview');
  chooser.addEventListener('change', () => {
    if (!chooser.files[0]) return;
    preview.src = URL.createObjectURL(chooser.files[0]);
    preview.hidden = false;
  });
  drop.addEventListener('dragover', event => { event.preventDefault(); drop.classList.add('over'); });
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', event => {
    event.preventDefault();
    drop.classList.remove('over');
    chooser.files = event.dataTransfer.files;
    chooser.dispatchEvent(new Event('change'));
  });
}

// What those one follows do, as it happens.
function toast(text, href) {
  const box = document.createElement(href ? 'a' : 'div');
  box.className = 'toast';
  box.textContent = text;
  if (href) box.href = href;
  document.getElementById('toasts').append(box);
  setTimeout(() => box.remove(), 6000);
}

function listen(wait) {
  const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/live');
  let opened = 0;
  socket.onopen = () => { opened = Date.now(); };
  socket.onmessage = message => {
    const it = JSON.parse(message.data);
    const href = `/photos/${it.photoId}`;
    if (it.type === 'photo') toast(`${it.name} shared “${it.title}”`, href);
    if (it.type === 'like') toast(`${it.name} likes “${it.title}”`, href);
    if (it.type === 'comment') toast(`${it.name} on “${it.title}”: ${it.text}`, href);
  };
  // Another instance takes over; random, so that not all come back at once.
  socket.onclose = () => {
    const next = opened && Date.now() - opened > 10000 ? 500 : Math.min(wait * 2, 30000);
    setTimeout(() => listen(next), next * (0.5 + Math.random()));
  };
}
if (document.body.hasAttribute('data-live')) listen(500);
