// Streams: previews, ends, and coming back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accumulateManagedAgentsEvent } from '@anthropic-ai/sdk/lib/sessions/accumulate';
import {
  Tail,
  all,
  checkInvariants,
  history,
  interrupt,
  message,
  newSession,
  only,
  refused,
  rehearse,
  send,
  sessions,
  system,
  turn,
  types,
} from './platform.mjs';

test('previews have the ids of their events and are beginnings of their texts', async () => {
  const session = await newSession();
  const tail = await Tail.open(session, { event_deltas: ['agent.message', 'agent.thinking'] });
  await send(session, rehearse({ think: ['Hm, ', 'well.'], say: ['One ', 'two ', '🎈 three.'] }));
  const events = await tail.idle();
  tail.close();

  const starts = all('event_start', events).map((start) => start.event);
  assert.deepEqual(starts.map((start) => start.type), ['agent.thinking', 'agent.message']);
  assert.equal(starts[0].id, only('agent.thinking', events).id);
  assert.equal(starts[1].id, only('agent.message', events).id);
  let accumulated;
  for (const event of events) {
    if (event.type === 'agent.message') {
      assert.equal(accumulated.content[0].text, event.content[0].text);
      assert.equal(accumulated.id, event.id);
    }
    accumulated = accumulateManagedAgentsEvent(accumulated, event);
  }
  assert.ok(all('event_delta', events).length >= 3);
  assert.ok(all('event_delta', events).every((delta) => delta.event_id === starts[1].id && delta.delta.index === 0));
  const stream = types(events);
  assert.ok(stream.lastIndexOf('event_delta') < stream.indexOf('agent.message'));
  assert.ok(stream.indexOf('span.model_request_start') < stream.indexOf('event_start'));
  assert.deepEqual(all('event_start', await history(session)), []);
});

test('only asked-for previews come, and an unknown one is refused by name', async () => {
  const session = await newSession();
  const thinking = await Tail.open(session, { event_deltas: ['agent.thinking'] });
  const none = await Tail.open(session);
  await send(session, rehearse({ think: 'Hm.', say: 'Hello.' }));
  assert.deepEqual(all('event_start', await thinking.idle()).map((start) => start.event.type), ['agent.thinking']);
  assert.deepEqual(all('event_delta', thinking.seen), []);
  assert.deepEqual(all('event_start', await none.idle()), []);
  thinking.close();
  none.close();
  const error = await refused(sessions.events.stream(session.id, { event_deltas: ['agent.tool_use'] }));
  assert.match(error.message, /event_deltas/);
});

test('a stream opened in the middle of an answer previews nothing of it', async () => {
  const session = await newSession();
  const early = await Tail.open(session, { event_deltas: ['agent.message'] });
  await send(session, rehearse({ say: ['One ', 'two'], fault: { hang: true, after: 2 } }));
  await early.until('event_delta');
  const late = await Tail.open(session, { event_deltas: ['agent.message'] });
  await send(session, interrupt);
  assert.deepEqual(types(await late.idle()), [
    'span.model_request_end',
    'user.interrupt',
    'session.thread_status_idle',
    'session.usage',
    'session.status_idle',
  ]);
  assert.deepEqual(all('agent.message', await early.idle()), []);
  early.close();
  late.close();
});

test('every stream of a session and of its thread shows the same', async () => {
  const session = await newSession();
  const threads = [];
  for await (const thread of sessions.threads.list(session.id)) {
    threads.push(thread);
  }
  assert.equal(threads.length, 1);
  const tails = [
    await Tail.open(session),
    await Tail.open(session),
    Tail.of(await sessions.threads.events.stream(threads[0].id, { session_id: session.id })),
  ];
  await send(session, rehearse({ say: 'a', call: [{ name: 'bash', input: { command: 'true' } }] }, { say: 'b' }));
  const [one, two, three] = await Promise.all(tails.map((tail) => tail.idle()));
  tails.forEach((tail) => tail.close());
  assert.deepEqual(two, one);
  assert.deepEqual(three, one);
  const page = await sessions.threads.events.list(threads[0].id, { session_id: session.id });
  assert.deepEqual(page.data, await history(session));
});

test('a terminated session tells its end to whoever comes late, and takes nothing more', async () => {
  const session = await newSession();
  await turn(session, rehearse({ say: 'Bye.' }));
  const archived = await sessions.archive(session.id);
  assert.deepEqual(await sessions.archive(session.id), { ...archived, stats: archived.stats, usage: archived.usage });
  const tail = await Tail.open(session);
  assert.equal((await tail.next()).type, 'session.status_terminated');
  assert.equal(await tail.next(), undefined);
  for (const event of [message('hello'), interrupt, system('x')]) {
    await refused(sessions.events.send(session.id, { events: [event] }));
  }
  assert.equal((await history(session)).at(-1).type, 'session.status_terminated');
});

test('deleting ends the stream with session.deleted', async () => {
  const session = await newSession();
  await turn(session, rehearse({ say: 'Bye.' }));
  const tail = await Tail.open(session);
  assert.equal((await sessions.delete(session.id)).type, 'session_deleted');
  assert.equal((await tail.next()).type, 'session.deleted');
  assert.equal(await tail.next(), undefined);
  await refused(sessions.events.list(session.id).then(), 404);
  await refused(sessions.events.stream(session.id), 404);
  await refused(sessions.events.send(session.id, { events: [message('x')] }), 404);
});

test('open the stream, read the history, skip what was seen: nothing is missed and nothing comes twice', async () => {
  const session = await newSession();
  await send(session, rehearse(...Array.from({ length: 12 }, () => ({ call: [{ name: 'bash', input: { command: 'true' } }] })), { say: 'end' }));
  const known = new Map();
  for (let connection = 0; connection < 5; connection++) {
    const tail = await Tail.open(session);
    for (const event of await history(session)) {
      known.set(event.id, event);
    }
    for (let i = 0; i < 3 && ![...known.values()].some((event) => event.type === 'session.status_idle'); i++) {
      const event = await tail.next();
      known.set(event.id, event);
    }
    tail.close();
  }
  const tail = await Tail.open(session);
  for (const event of await history(session)) {
    known.set(event.id, event);
  }
  while (![...known.values()].some((event) => event.type === 'session.status_idle')) {
    const event = await tail.next();
    known.set(event.id, event);
  }
  tail.close();
  assert.deepEqual([...known.keys()], (await checkInvariants(session)).map((event) => event.id));
});
