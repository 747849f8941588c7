// Texts of `later`: times to come, and what one keeps for then.

export default {
  title: 'Später',
  in20: 'In 20 Minuten',
  in60: 'In einer Stunde',
  in180: 'In 3 Stunden',
  today: 'Heute, {{time}}',
  tomorrow: 'Morgen, {{time}}',
  monday: 'Montag, {{time}}',
  own: 'Andere Zeit …',
  when: 'Wann',
  past: 'Diese Zeit ist vorbei.',
};
