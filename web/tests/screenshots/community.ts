// A small community with something to say, so that the pictures show the client as it is used.

import type { Conversation, Message } from '@/protocol.gen';
import { Person } from '../harness/person';
import type { Server } from '../harness/server';
import type { Drawn } from './pictures';

export interface Community {
  readonly me: Person;
  readonly others: Readonly<Record<'amara' | 'jonas' | 'lucia' | 'yusuf' | 'mei', Person>>;
  readonly launch: Conversation;
  readonly thread: Message;
  readonly direct: Conversation;
  /** Where pictures are shared. */
  readonly design: Conversation;
  /** Where a poll is open. */
  readonly lunch: Conversation;
}

export async function found(server: Server, drawn: Drawn): Promise<Community> {
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

  await share(
    mei,
    design,
    'Two directions for the mark. The first is warmer, the second holds up in the dark.',
    drawn,
    ['logo study 1.png', 'logo study 2.png'],
  );
  await share(amara, design, 'From the team day, for the page about us', drawn, [
    'harbour at dusk.jpg',
    'team day.jpg',
    'morning run.jpg',
  ]);
  await share(lucia, design, 'And this is how the launch board looks now.', drawn, ['board.png']);
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
  const poll = await amara.call<Message>('POST', `/conversations/${group.id}/polls`, {
    client_id: 'lunch',
    question: 'Where do we eat on Friday?',
    options: ['The new place by the river', 'Noodles around the corner', 'Soup in the kitchen'],
    multiple: false,
    anonymous: false,
  });
  for (const [person, option] of [
    [amara, 0],
    [mei, 0],
    [lucia, 1],
    [me, 0],
  ] as const) {
    await person.call('PUT', `/messages/${poll.id}/vote`, { options: [option] });
  }
  await amara.send(group, 'I book the table at noon, so vote until then.');

  const at = (days: number, time: string) =>
    `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T${time}`;
  for (const [conversation, body, days, time] of [
    [launch, 'Good morning! The release notes are ready for a last look, in all four languages.', 1, '09:00'],
    [direct, 'Thank you for yesterday. I have put what we said into the list.', 1, '08:30'],
    [support, 'We are back after the holidays; whoever still waits for an answer gets one today.', 9, '10:00'],
  ] as const) {
    const schedule = { conversation_id: conversation.id, body, at: at(days, time), time_zone: 'Europe/Lisbon' };
    await me.call('POST', '/me/scheduled', schedule);
  }
  for (const message of [command, question]) await me.call('PUT', `/me/saved/${message.id}`);
  await me.call('POST', '/me/reminders', { message_id: question.id, remind_at: new Date(Date.now() + 7_200_000) });
  await me.call('POST', '/me/reminders', { text: 'Renew the certificate', at: at(3, '09:00'), time_zone: 'UTC' });

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
  return { me, others: { amara, jonas, lucia, yusuf, mei }, launch, thread: question, direct, design, lunch: group };
}

/** Sends pictures with a word to them. */
async function share(
  person: Person,
  conversation: Conversation,
  body: string,
  drawn: Drawn,
  names: readonly (keyof Drawn)[],
): Promise<void> {
  const files: string[] = [];
  for (const name of names) files.push(await person.upload(name, drawn[name]));
  await person.call('POST', `/conversations/${conversation.id}/messages`, { client_id: names.join(), body, files });
}
