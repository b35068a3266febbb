// Plain turns: order of events, queue, usage, what may be done while a session runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Tail,
  all,
  checkInvariants,
  hanging,
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

test('a plain turn shows its events in the order of the contract', async () => {
  const session = await newSession();
  assert.equal(session.status, 'idle');
  const events = await turn(session, rehearse({ think: 'Hm.', say: 'Hello.', tokens: { input: 12, output: 3 } }));

  assert.deepEqual(types(events), [
    'session.status_running',
    'session.thread_status_running',
    'user.message',
    'span.model_request_start',
    'agent.thinking',
    'agent.message',
    'span.model_request_end',
    'session.thread_status_idle',
    'session.usage',
    'session.status_idle',
  ]);
  assert.equal(only('span.model_request_end', events).model_request_start_id, only('span.model_request_start', events).id);
  assert.deepEqual(only('session.status_idle', events).stop_reason, { type: 'end_turn' });
  assert.equal(only('session.status_idle', events).stop_details, null);
  assert.equal(only('session.thread_status_idle', events).agent_name, 'weaver');
  assert.ok(!('content' in only('agent.thinking', events)));
  assert.deepEqual(await checkInvariants(session), events);
  assert.equal((await sessions.retrieve(session.id)).status, 'idle');
});

test('an idle session answers the send with the event as it is stored', async () => {
  const session = await newSession();
  const [echo] = await send(session, message('hello'));
  assert.equal(echo.type, 'user.message');
  assert.match(echo.id, /^sevt_/);
  const stored = all('user.message', await history(session));
  assert.deepEqual(stored.map((event) => event.id), [echo.id]);
});

test('initial events begin the first turn and stand in the history, not in the answer', async () => {
  const session = await newSession({ initial_events: [rehearse({ say: 'First.' })] });
  assert.equal(session.status, 'running');
  assert.ok(!('initial_events' in session));
  const tail = await Tail.open(session);
  const events = await history(session);
  if (!types(events).includes('session.status_idle')) {
    await tail.idle();
  }
  tail.close();
  assert.equal(only('agent.message', await checkInvariants(session)).content[0].text.endsWith('First.'), true);
});

test('a message that comes while the session runs is shown twice under one id and joins the turn', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, rehearse(hanging));
  await tail.until('span.model_request_start');
  const [echo] = await send(session, rehearse({ say: 'Second.' }));
  assert.equal(echo.processed_at, null);
  const waiting = (await history(session)).at(-1);
  assert.equal(waiting.id, echo.id);
  assert.equal(waiting.processed_at, null);
  assert.equal((await history(session, { order: 'desc' }))[0].id, echo.id);
  const bounded = await history(session, { 'created_at[gte]': '2020-01-01T00:00:00Z' });
  assert.ok(!bounded.some((event) => event.id === echo.id));
  await send(session, interrupt);
  await tail.idle();
  const next = await tail.idle();
  tail.close();

  const shown = tail.seen.filter((event) => event.id === echo.id);
  assert.deepEqual(shown.map((event) => event.processed_at !== null), [false, true]);
  assert.match(only('agent.message', next).content[0].text, /Second\./);
  assert.equal((await checkInvariants(session)).filter((event) => event.id === echo.id).length, 1);
});

test('messages queued while tools run are taken up together, in order, with the next request', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, rehearse({ call: [{ name: 'note', input: {} }, { name: 'bash', input: { command: 'true' } }] }));
  const use = (await tail.until('agent.custom_tool_use')).at(-1);
  const owed = (await tail.idle()).at(-1).stop_reason;
  assert.deepEqual(owed, { type: 'requires_action', event_ids: [use.id] });
  await refused(sessions.events.send(session.id, { events: [message('too early')] }));
  await send(
    session,
    { type: 'user.custom_tool_result', custom_tool_use_id: use.id, content: [] },
    message('one'),
    rehearse({ say: 'Both.' }),
  );
  const events = await tail.idle();
  tail.close();
  assert.deepEqual(types(events).slice(0, 6), [
    'user.custom_tool_result',
    'session.status_running',
    'session.thread_status_running',
    'user.message',
    'user.message',
    'span.model_request_start',
  ]);
  await checkInvariants(session);
});

test('usage adds up over requests, failed ones included', async () => {
  const session = await newSession();
  const events = await turn(
    session,
    rehearse(
      { call: [{ name: 'bash', input: { command: 'true' } }], tokens: { input: 100, output: 10 } },
      { say: 'b', tokens: { input: 200, output: 20 }, fault: { kind: 'overloaded', times: 1, retry_after_ms: 1 } },
    ),
  );
  const spans = all('span.model_request_end', events);
  assert.deepEqual(spans.map((span) => span.model_usage.input_tokens), [100, 200, 200]);
  const sum = (field) => spans.reduce((total, span) => total + span.model_usage[field], 0);
  for (const usage of [only('session.usage', events).usage, (await sessions.retrieve(session.id)).usage]) {
    assert.equal(usage.input_tokens, sum('input_tokens'));
    assert.equal(usage.output_tokens, sum('output_tokens'));
  }
  assert.ok(only('session.usage', events).usage.active_seconds >= 0);
  assert.equal(only('session.usage', events).budget, null);
});

test('a refusal brings its details and the session goes on', async () => {
  const session = await newSession();
  const details = { type: 'refusal', category: 'cyber', explanation: 'Not that.' };
  const idle = (await turn(session, rehearse({ say: 'I', stop: 'refusal', stop_details: details }))).at(-1);
  assert.deepEqual(idle.stop_reason, { type: 'refusal' });
  assert.deepEqual(idle.stop_details, details);
  const bare = (await turn(session, rehearse({ stop: 'refusal' }))).at(-1);
  assert.deepEqual(bare.stop_details, { type: 'refusal', category: null, explanation: null });
  assert.deepEqual((await turn(session, rehearse({ say: 'Gladly.' }))).at(-1).stop_reason, { type: 'end_turn' });
});

test('an answer at its token limit ends the turn', async () => {
  const session = await newSession();
  const events = await turn(session, rehearse({ say: 'and so', stop: 'max_tokens' }));
  assert.match(only('agent.message', events).content[0].text, /and so/);
  assert.deepEqual(events.at(-1).stop_reason, { type: 'end_turn' });
});

test('a system message goes with what it follows, waits when it comes alone, and is refused elsewhere', async () => {
  const session = await newSession();
  const events = await turn(session, rehearse({ say: 'Yes.' }), system('be brief'));
  assert.deepEqual(types(events).slice(2, 5), ['user.message', 'system.message', 'span.model_request_start']);
  const [alone] = await send(session, system('be briefer'));
  assert.equal(alone.processed_at, null);
  assert.equal((await sessions.retrieve(session.id)).status, 'idle');
  const next = await turn(session, rehearse({ say: 'Yes.' }));
  assert.equal(only('system.message', next).id, alone.id);

  const wrong = (...list) => refused(sessions.events.send(session.id, { events: list }));
  assert.match((await wrong(system('a'), message('b'))).message, /last/);
  assert.match((await wrong(message('a'), system('b'), system('c'))).message, /last/);
  assert.match((await wrong(interrupt, system('b'))).message, /follow/);
  await wrong({ type: 'system.message', content: [] });
  await wrong({ type: 'system.message', content: [{ type: 'image', source: { type: 'url', url: 'https://a.test' } }] });
  await checkInvariants(session);
});

test('a session is neither archived nor deleted nor given another agent while it runs', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, rehearse(hanging));
  await tail.until('span.model_request_start');
  for (const call of [
    () => sessions.archive(session.id),
    () => sessions.delete(session.id),
    () => sessions.update(session.id, { agent: { tools: [] } }),
  ]) {
    const error = await refused(call());
    assert.match(error.message, /running/);
  }
  const updated = await sessions.update(session.id, { title: 'Renamed', metadata: { a: 'b' } });
  assert.equal(updated.title, 'Renamed');
  const event = (await tail.until('session.updated')).at(-1);
  assert.equal(event.title, 'Renamed');
  assert.deepEqual(event.metadata, { a: 'b' });
  await send(session, interrupt);
  await tail.idle();
  assert.equal((await sessions.archive(session.id)).status, 'terminated');
  assert.equal((await tail.until('session.status_terminated')).length, 1);
  assert.equal(await tail.next(), undefined, 'nothing follows');
});
