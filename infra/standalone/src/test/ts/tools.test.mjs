// Turns with tools: the hands', the client's, and those that ask first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Tail,
  all,
  allow,
  asking,
  checkInvariants,
  deny,
  message,
  newSession,
  note,
  noted,
  only,
  refused,
  rehearse,
  send,
  sessions,
  system,
  text,
  turn,
  types,
} from './platform.mjs';

const bash = (command = 'true') => ({ name: 'bash', input: { command } });
const call = (...calls) => rehearse({ say: 'Let me.', call: calls }, { say: 'Done.' });

test('a built-in tool runs by itself and its result leads to the next request', async () => {
  const session = await newSession();
  const events = await turn(session, call(bash('echo hello')));
  assert.deepEqual(types(events).slice(3), [
    'span.model_request_start',
    'agent.message',
    'agent.tool_use',
    'span.model_request_end',
    'agent.tool_result',
    'span.model_request_start',
    'agent.message',
    'span.model_request_end',
    'session.thread_status_idle',
    'session.usage',
    'session.status_idle',
  ]);
  const use = only('agent.tool_use', events);
  assert.equal(use.name, 'bash');
  assert.deepEqual(use.input, { command: 'echo hello' });
  assert.equal(use.evaluated_permission, 'allow');
  assert.deepEqual(use.evaluation, { type: 'always_allow' });
  const result = only('agent.tool_result', events);
  assert.equal(result.tool_use_id, use.id);
  assert.ok(result.content.length > 0);
  await checkInvariants(session);
});

test('parallel calls each get one result, and the next request waits for all', async () => {
  const session = await newSession();
  const events = await turn(session, call(...Array.from({ length: 8 }, (_, i) => bash(`echo ${i}`))));
  const uses = all('agent.tool_use', events).map((use) => use.id);
  const results = all('agent.tool_result', events).map((result) => result.tool_use_id);
  assert.equal(uses.length, 8);
  assert.deepEqual(results.toSorted(), uses.toSorted());
  const order = types(events);
  assert.ok(order.lastIndexOf('agent.tool_result') < order.lastIndexOf('span.model_request_start'));
  assert.equal(all('span.model_request_start', events).length, 2);
  await checkInvariants(session);
});

test('custom tools wait for the client, and partial answers leave the remainder', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, call({ name: 'note', input: { text: 'a' } }, { name: 'note', input: { text: 'b' } }));
  const asked = await tail.idle();
  const [a, b] = all('agent.custom_tool_use', asked);
  assert.deepEqual(a.input, { text: 'a' });
  assert.ok(!('evaluated_permission' in a));
  assert.deepEqual(asked.at(-1).stop_reason, { type: 'requires_action', event_ids: [a.id, b.id] });
  assert.equal((await sessions.retrieve(session.id)).status, 'idle');

  const [echo] = await send(session, noted(b.id));
  assert.ok(echo.processed_at);
  const partial = await tail.idle();
  assert.deepEqual(types(partial), ['user.custom_tool_result', 'session.usage', 'session.status_idle']);
  assert.deepEqual(partial.at(-1).stop_reason.event_ids, [a.id]);

  await send(session, { ...noted(a.id), is_error: true, content: text('no paper') });
  const rest = await tail.idle();
  tail.close();
  assert.deepEqual(types(rest).slice(0, 4), [
    'user.custom_tool_result',
    'session.status_running',
    'session.thread_status_running',
    'span.model_request_start',
  ]);
  assert.equal(rest[0].is_error, true);
  assert.deepEqual(rest.at(-1).stop_reason, { type: 'end_turn' });
  await checkInvariants(session);
});

test('several answers may come in one request', async () => {
  const session = await newSession();
  const asked = await turn(session, call({ name: 'note', input: {} }, { name: 'note', input: {} }));
  const events = await turn(session, ...all('agent.custom_tool_use', asked).map((use) => noted(use.id)));
  assert.equal(all('session.status_idle', events).length, 1);
  assert.deepEqual(events.at(-1).stop_reason, { type: 'end_turn' });
  await checkInvariants(session);
});

test('a client may answer as soon as it sees the call', async () => {
  const session = await newSession();
  const tail = await Tail.open(session);
  await send(session, call({ name: 'note', input: {} }, bash('echo slow')));
  const use = (await tail.until('agent.custom_tool_use')).at(-1);
  await send(session, noted(use.id));
  await tail.until((event) => event.type === 'session.status_idle' && event.stop_reason.type === 'end_turn');
  tail.close();
  const events = await checkInvariants(session);
  assert.equal(all('user.custom_tool_result', events).length, 1);
});

test('a second answer has no effect, an answer to nothing is an error, and so is one of the wrong kind', async () => {
  const session = await newSession();
  const asked = await turn(session, call({ name: 'note', input: {} }));
  const use = only('agent.custom_tool_use', asked);
  const wrong = (event) => refused(sessions.events.send(session.id, { events: [event] }));
  assert.match((await wrong(noted('sevt_nothing'))).message, /sevt_nothing/);
  assert.match((await wrong(noted('toolu_01'))).message, /toolu_01/);
  assert.match((await wrong(allow(use.id))).message, /custom_tool_result/);
  await wrong({ type: 'user.tool_result', tool_use_id: use.id, content: [] });
  await turn(session, noted(use.id));
  const before = (await checkInvariants(session)).length;
  const [again] = await send(session, noted(use.id, 'something else'));
  assert.ok(again.processed_at);
  assert.equal((await checkInvariants(session)).length, before);
});

test('a call that asks runs when it is allowed', async () => {
  const session = await newSession({ tools: [asking] });
  const asked = await turn(session, call(bash('echo yes')));
  const use = only('agent.tool_use', asked);
  assert.equal(use.evaluated_permission, 'ask');
  assert.deepEqual(use.evaluation, { type: 'always_ask' });
  assert.deepEqual(asked.at(-1).stop_reason, { type: 'requires_action', event_ids: [use.id] });
  const events = await turn(session, allow(use.id));
  assert.deepEqual(types(events).slice(0, 5), [
    'user.tool_confirmation',
    'session.status_running',
    'session.thread_status_running',
    'agent.tool_result',
    'span.model_request_start',
  ]);
  assert.equal(only('agent.tool_result', events).tool_use_id, use.id);
  await checkInvariants(session);
});

test('a call that is denied is answered with the words of the client', async () => {
  const session = await newSession({ tools: [asking] });
  const use = only('agent.tool_use', await turn(session, call(bash('rm -rf /'))));
  const events = await turn(session, deny(use.id, 'Too dangerous.'));
  const result = only('agent.tool_result', events);
  assert.equal(result.is_error, true);
  assert.match(result.content[0].text, /Too dangerous\./);
  assert.equal(only('user.tool_confirmation', events).deny_message, 'Too dangerous.');
  assert.deepEqual(events.at(-1).stop_reason, { type: 'end_turn' });
  await checkInvariants(session);
});

test('questions, custom tools and tools that just run may be mixed', async () => {
  const session = await newSession({
    tools: [
      {
        type: 'agent_toolset_20260401',
        configs: [{ name: 'write', permission_policy: { type: 'always_ask' } }],
      },
      note,
    ],
  });
  const write = { name: 'write', input: { file_path: '/tmp/a', content: 'a' } };
  const asked = await turn(session, call(bash(), write, write, { name: 'note', input: {} }));
  const [ran, first, second] = all('agent.tool_use', asked);
  const custom = only('agent.custom_tool_use', asked);
  assert.equal(only('agent.tool_result', asked).tool_use_id, ran.id);
  assert.deepEqual(asked.at(-1).stop_reason.event_ids, [first.id, second.id, custom.id]);
  assert.deepEqual((await turn(session, allow(second.id))).at(-1).stop_reason.event_ids, [first.id, custom.id]);
  assert.deepEqual((await turn(session, deny(first.id))).at(-1).stop_reason.event_ids, [custom.id]);
  const rest = await turn(session, noted(custom.id));
  assert.equal(only('agent.tool_result', rest).tool_use_id, second.id);
  assert.deepEqual(rest.at(-1).stop_reason, { type: 'end_turn' });
  await checkInvariants(session);
});

test('confirmations are checked: who is asked, how, and whether at all', async () => {
  const session = await newSession({ tools: [asking, note] });
  const asked = await turn(session, call(bash(), { name: 'note', input: {} }));
  const use = only('agent.tool_use', asked);
  const wrong = (event) => refused(sessions.events.send(session.id, { events: [event] }));
  assert.match((await wrong({ ...allow(use.id), deny_message: 'x' })).message, /deny_message/);
  assert.match((await wrong({ ...allow(use.id), result: 'perhaps' })).message, /result/);
  assert.match((await wrong({ type: 'user.tool_confirmation', result: 'allow' })).message, /tool_use_id/);
  assert.match((await wrong(allow('sevt_nothing'))).message, /sevt_nothing/);
  assert.match((await wrong(noted(use.id))).message, /confirmation/);
  assert.match((await wrong(message('hello'))).message, /action/);
  assert.match((await wrong(system('hello'))).message, /action/);
  await send(session, allow(use.id));
  await send(session, allow(use.id));
  await turn(session, noted(only('agent.custom_tool_use', asked).id), system('and be brief'));
  const events = await checkInvariants(session);
  assert.equal(all('user.tool_confirmation', events).length, 1);
  assert.equal(all('system.message', events).length, 1);
  await wrong(allow('sevt_nothing'));
});

test('a call that runs without asking takes no confirmation', async () => {
  const session = await newSession();
  const use = only('agent.tool_use', await turn(session, call(bash())));
  await refused(sessions.events.send(session.id, { events: [allow(use.id)] }));
});

test('a tool that is switched off is denied and the model goes on', async () => {
  const session = await newSession({
    tools: [{ type: 'agent_toolset_20260401', configs: [{ name: 'bash', enabled: false }] }],
  });
  const events = await turn(session, call(bash(), { name: 'fly', input: {} }));
  for (const use of all('agent.tool_use', events)) {
    assert.equal(use.evaluated_permission, 'deny');
    assert.ok(!('evaluation' in use));
  }
  assert.ok(all('agent.tool_result', events).every((result) => result.is_error));
  assert.deepEqual(events.at(-1).stop_reason, { type: 'end_turn' });
  await checkInvariants(session);
});
