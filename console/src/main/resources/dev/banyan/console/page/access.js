/** Who may change the site from this page, and what is said where somebody may not. */
import { el } from './words.js';

export const READ_ONLY = 'This page is read-only: open the link that “banyan up” printed in this browser to make changes.';
const MOVING = 'A move is under way: wait until it is over.';

export const access = { mayChange: false, moving: false, told: () => {} };

/** Why the site cannot be changed now: empty when it can. */
export const obstacle = () => (!access.mayChange ? READ_ONLY : '');

/** The same for what makes a move: one runs at a time. */
export const moveObstacle = () => obstacle() || (access.moving ? MOVING : '');

/**
 * A button that changes the site. One that may not be used stays in the order of the Tab key and says why, to a mouse, to a screen reader, and to
 * whoever presses it all the same: a disabled button says nothing to anybody.
 *
 * @param why what stands against it; empty when nothing does
 */
export function changing(text, css, why, act) {
  return el('button', {
    type: 'button', class: css, title: why || false, 'aria-disabled': why ? 'true' : false,
    onclick: () => (why ? access.told(why) : act()),
  }, text);
}
