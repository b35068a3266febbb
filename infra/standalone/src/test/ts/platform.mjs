// The platform under test, through the unmodified SDK. What the model says stands in the user's message (docs/REHEARSAL.md).
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';

const PATIENCE_MS = 60_000;

export const client = new Anthropic({
  baseURL: process.env.HANDLOOM_URL,
  apiKey: process.env.HANDLOOM_KEY,
});

export const { sessions, agents, environments } = client.beta;

const toolset = { type: 'agent_toolset_20260401' };

/** A custom tool. */
export const note = {
  type: 'custom',
  name: 'note',
  description: 'Keeps a note.',
  input_schema: { type: 'object', properties: { text: { type: 'string' } } },
};

/** The toolset where every call asks first. */
export const asking = { ...toolset, default_config: { permission_policy: { type: 'always_ask' } } };

/** A new session of a new agent. */
export async function newSession({ tools = [toolset, note], ...more } = {}) {
  const agent = await agents.create({ name: 'weaver', model: 'claude-sonnet-4-5', tools });
  const environment = await environments.create({
    name: 'room',
    config: { type: 'cloud', networking: { type: 'unrestricted' } },
  });
  return sessions.create({ agent: agent.id, environment_id: environment.id, ...more });
}

export const text = (words) => [{ type: 'text', text: words }];
export const message = (words) => ({ type: 'user.message', content: text(words) });
export const system = (words) => ({ type: 'system.message', content: text(words) });
export const interrupt = { type: 'user.interrupt' };
export const noted = (id, words = 'noted') => ({
  type: 'user.custom_tool_result',
  custom_tool_use_id: id,
  content: text(words),
});
export const allow = (id) => ({ type: 'user.tool_confirmation', tool_use_id: id, result: 'allow' });
export const deny = (id, words) => ({
  type: 'user.tool_confirmation',
  tool_use_id: id,
  result: 'deny',
  ...(words && { deny_message: words }),
});

/** A message that brings the model's answers, one a request. */
export const rehearse = (...steps) => message(JSON.stringify({ rehearse: steps }));
/** Begins to answer and never goes on. */
export const hanging = { say: 'Let me see.', fault: { hang: true, after: 1 } };

export const send = async (session, ...events) => (await sessions.events.send(session.id, { events })).data;

/** An open event stream of a session, read one event at a time. */
export class Tail {
  static async open(session, params = {}) {
    return new Tail(await sessions.events.stream(session.id, params));
  }

  static of(stream) {
    return new Tail(stream);
  }

  constructor(stream) {
    this.stream = stream;
    this.iterator = stream[Symbol.asyncIterator]();
    this.seen = [];
  }

  /** The next event; undefined at the end. */
  async next() {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no event came after ${types(this.seen)}`)), PATIENCE_MS);
    });
    try {
      const { value, done } = await Promise.race([this.iterator.next(), late]);
      if (!done) {
        this.seen.push(value);
      }
      return value;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The events up to and including the first that is wanted. */
  async until(wanted) {
    const wants = typeof wanted === 'string' ? (event) => event.type === wanted : wanted;
    const events = [];
    while (true) {
      const event = await this.next();
      assert.ok(event, `the stream ended after ${types(events)}`);
      events.push(event);
      if (wants(event)) {
        return events;
      }
    }
  }

  idle() {
    return this.until('session.status_idle');
  }

  close() {
    this.stream.controller.abort();
  }
}

/** Sends, and gathers what the stream shows up to the session's rest. */
export async function turn(session, ...events) {
  const tail = await Tail.open(session);
  try {
    await send(session, ...events);
    return await tail.idle();
  } finally {
    tail.close();
  }
}

export const types = (events) => events.map((event) => event.type);
export const all = (type, events) => events.filter((event) => event.type === type);
export const only = (type, events) => {
  const found = all(type, events);
  assert.equal(found.length, 1, `one ${type} in ${types(events)}`);
  return found[0];
};

export async function history(session, params = {}) {
  const events = [];
  for await (const event of sessions.events.list(session.id, params)) {
    events.push(event);
  }
  return events;
}

/** The error that a call must end with. */
export async function refused(call, status = 400) {
  const error = await call.then(
    () => assert.fail('it was not refused'),
    (failure) => failure,
  );
  assert.ok(error instanceof Anthropic.APIError, String(error));
  assert.equal(error.status, status, error.message);
  return error;
}

/** What must hold of every history (the invariants of the contract). */
export async function checkInvariants(session) {
  const events = await history(session);
  const ids = new Set();
  const asked = new Set();
  const results = new Map();
  let before = '';
  events.forEach((event, i) => {
    assert.ok(!ids.has(event.id), `${event.type} ${event.id} stands twice`);
    ids.add(event.id);
    if (event.processed_at) {
      assert.ok(event.processed_at >= before, 'processed_at never decreases');
      before = event.processed_at;
    } else {
      assert.match(event.type, /^(user|system)\./, 'only queued inputs have no processed_at');
    }
    switch (event.type) {
      case 'session.status_idle':
        assert.equal(events[i - 1].type, 'session.usage', 'usage stands directly before idle');
        for (const id of event.stop_reason.event_ids ?? []) {
          assert.ok(asked.has(id) && !results.has(id), `${id} waits for an answer`);
        }
        break;
      case 'agent.tool_use':
      case 'agent.custom_tool_use':
        asked.add(event.id);
        break;
      case 'agent.tool_result':
        count(results, event.tool_use_id);
        break;
      case 'user.custom_tool_result':
        count(results, event.custom_tool_use_id);
        break;
      default:
    }
  });
  for (const start of all('span.model_request_start', events)) {
    const ends = all('span.model_request_end', events).filter((end) => end.model_request_start_id === start.id);
    assert.equal(ends.length, 1, 'every request that starts ends, once');
  }
  for (const [id, times] of results) {
    assert.equal(times, 1, `${id} has one result`);
  }
  if (events.at(-1)?.type === 'session.status_idle' && events.at(-1).stop_reason.type !== 'requires_action') {
    assert.deepEqual([...asked].filter((id) => !results.has(id)), [], 'at rest every call has its result');
  }
  return events;
}

function count(counts, id) {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}
