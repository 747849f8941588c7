// A small community with something to say, so that the pictures show the client as it is used.

import type { Conversation, Message } from '@/protocol.gen';
import { Person } from '../harness/person';
import type { Server } from '../harness/server';

export interface Community {
  readonly me: Person;
  readonly others: Readonly<Record<'amara' | 'jonas' | 'lucia' | 'yusuf' | 'mei', Person>>;
  readonly launch: Conversation;
  readonly thread: Message;
  readonly direct: Conversation;
}

export async function found(server: Server): Promise<Community> {
  const me = await Person.register(server, 'robin', 'Robin Hale', server.ownerCode ?? undefined);
  const join = (username: string, name: string) => Person.register(server, username, name);
  const amara = await join('amara', 'Amara Okafor');
  const jonas = await join('jonas', 'Jonas Weber');
  const lucia = await join('lucia', 'Lucía Fernández');
  const yusuf = await join('yusuf', 'يوسف حداد');
  const mei = await join('mei', 'Mei Tanaka');
  const all = [amara, jonas, lucia, yusuf, mei];

  const channels: [string, string][] = [
    ['launch', 'Everything for the 2.0 launch on 3 December'],
    ['design', 'Pictures first, words later'],
    ['support', 'Somebody needs help? Here.'],
    ['random', 'Cats, mostly'],
  ];
  const made: Record<string, Conversation> = {};
  for (const [name, topic] of channels) {
    const channel = await me.create({ type: 'channel', name, topic, public: true });
    for (const person of all) await person.call('POST', `/conversations/${channel.id}/join`);
    made[name] = channel;
  }
  const launch = made.launch as Conversation;
  const design = made.design as Conversation;
  const support = made.support as Conversation;
  const random = made.random as Conversation;

  await amara.send(
    launch,
    'Good morning! Two weeks to go. I have put the open points into one list, so that nobody has to search for them.',
  );
  await amara.send(
    launch,
    '- [x] Installer runs on a bare machine\n- [x] Backup and restore rehearsed\n- [ ] Screenshots for the front page\n- [ ] Release notes in **four** languages',
  );
  await jonas.send(launch, 'The installer is down to one command now:');
  const command = await jonas.send(
    launch,
    '```sh\nlaserchat serve --listen 0.0.0.0:8080 --data /var/lib/laserchat\n```',
  );
  const question = await lucia.send(
    launch,
    'Nice. @robin, do we say anything about moving over from other servers? People will ask on the first day.',
  );
  for (const [person, emoji] of [
    [amara, '🎉'],
    [lucia, '🎉'],
    [me, '🎉'],
    [mei, '🚀'],
    [me, '🚀'],
  ] as const) {
    await person.call('PUT', `/messages/${command.id}/reactions/${encodeURIComponent(emoji)}`);
  }
  await me.send(
    launch,
    'Yes: a short page with what moves (people, channels, history) and what does not. Honest beats long.',
    question,
  );
  await mei.send(launch, 'I can draw the diagram for it.', question);
  await lucia.send(launch, 'Perfect, then I write the words around it.', question);
  await me.send(
    launch,
    'I measured again this morning: **1.2 KB** of memory for a connection that is idle, and a direct message costs 25 µs of processor time, database included.',
  );
  await mei.send(launch, 'That is the number for the front page.');
  await yusuf.send(launch, 'الترجمة العربية جاهزة، وراجعتها مع فريق الدعم 👍');
  await me.call('PUT', `/messages/${command.id}/pin`);
  await jonas.send(launch, 'Then the last open point is the screenshots. Who has a tidy desktop?');

  await mei.send(design, 'New icons are in. The old ones were drawn for 16 pixels and it showed.');
  await lucia.send(design, 'Much calmer. I would take the accent down a little in the dark theme.');
  await jonas.send(support, 'Resolved: it was the proxy, which closed idle connections after 30 seconds.');
  await me.send(support, 'Thank you, I have added it to the operator’s guide.');
  await amara.send(random, '🐈');

  const direct = await amara.direct(me);
  await amara.send(direct, 'Do you have ten minutes before the meeting? I would like to go through the list once.');
  await me.send(direct, 'Sure, half past nine?');
  await amara.send(direct, 'Perfect. I bring the coffee ☕');
  const other = await jonas.direct(me);
  await jonas.send(other, 'The nightly run is green, all twenty crash tests.');
  const third = await me.direct(yusuf);
  await yusuf.send(third, 'شكراً جزيلاً على المساعدة أمس');
  const group = await me.group('Friday lunch', amara, mei, lucia);
  await mei.send(group, 'The new place by the river? They have a table at 12:30.');
  await lucia.send(group, 'Count me in');

  for (const [conversation, seen] of [
    [launch, true],
    [support, true],
    [other, true],
    [third, true],
  ] as const) {
    if (seen) await me.call('PUT', `/conversations/${conversation.id}/read`, {});
  }
  await me.call('PUT', `/conversations/${launch.id}/membership`, { favourite: true });
  for (const person of all) await person.call('PUT', `/conversations/${launch.id}/read`, {});
  await me.call('PUT', `/users/${me.id}/profile`, {
    about: 'Keeps the servers calm.',
    time_zone: 'Europe/Lisbon',
    status: { emoji: '🎧', text: 'Heads down until noon' },
  });
  await amara.call('PUT', `/contacts/${me.id}`);
  await me.call('PUT', `/contacts/${mei.id}`);
  await mei.call('POST', `/contacts/${me.id}/accept`);
  return { me, others: { amara, jonas, lucia, yusuf, mei }, launch, thread: question, direct };
}
