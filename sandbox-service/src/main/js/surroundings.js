/*
 * What just-bash expects of its surroundings and GraalJS does not have. Must be imported before just-bash.
 */

/** The doors: the only object in here that is not JavaScript (class Doors says what it offers). */
export const host = globalThis.host;
delete globalThis.host;

/** A view as the three arguments by which the host takes bytes. */
export const bytesOf = (view) => [view.buffer, view.byteOffset, view.byteLength];

globalThis.btoa = (text) => host.toBase64(text);
globalThis.atob = (text) => {
  const bytes = host.fromBase64(text);
  if (bytes === null) throw new TypeError('not Base64');
  return bytes;
};

globalThis.crypto = {
  subtle: {
    digest: async (algorithm, data) => {
      const view = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
      return new ArrayBuffer(host.digest(algorithm, ...bytesOf(view)));
    },
  },
};

const begun = Date.now();
globalThis.performance = {timeOrigin: begun, now: () => Date.now() - begun};

/** Timers are run by the host's loop: it calls runTimers, waits as long as it is told, and calls again. */
const timers = new Map();
let timerCount = 0;

const addTimer = (action, delay, every, args) => {
  const wait = Math.max(0, Number(delay) || 0);
  timers.set(++timerCount, {at: Date.now() + wait, every: every ? Math.max(1, wait) : 0, action, args});
  return timerCount;
};
globalThis.setTimeout = (action, delay, ...args) => addTimer(action, delay, false, args);
globalThis.setInterval = (action, delay, ...args) => addTimer(action, delay, true, args);
globalThis.clearTimeout = globalThis.clearInterval = (id) => { timers.delete(id); };
globalThis.setImmediate = (action, ...args) => addTimer(action, 0, false, args);

/** Runs what is due. Returns the milliseconds until the next timer is, or -1 when there is none. */
export function runTimers() {
  const now = Date.now();
  for (const [id, timer] of [...timers].sort(([, one], [, other]) => one.at - other.at)) {
    if (timer.at > now || !timers.has(id)) continue;
    if (timer.every) timer.at = now + timer.every;
    else timers.delete(id);
    timer.action(...timer.args);
  }
  let next = -1;
  for (const {at} of timers.values()) {
    const wait = Math.max(0, at - Date.now());
    if (next < 0 || wait < next) next = wait;
  }
  return next;
}

globalThis.AbortSignal = class AbortSignal {
  reason = undefined;
  listeners = new Set();
  isAborted = false;
  get aborted() { return this.isAborted; }
  addEventListener(_, listener) { this.listeners.add(listener); }
  removeEventListener(_, listener) { this.listeners.delete(listener); }
  throwIfAborted() { if (this.aborted) throw this.reason; }
};

globalThis.AbortController = class AbortController {
  signal = new AbortSignal();
  abort(reason = new Error('aborted')) {
    if (this.signal.isAborted) return;
    this.signal.isAborted = true;
    this.signal.reason = reason;
    const listeners = [...this.signal.listeners];
    this.signal.listeners.clear();
    for (const listener of listeners) listener({type: 'abort'});
  }
};
