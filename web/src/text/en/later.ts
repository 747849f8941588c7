// Texts of `later`: times to come, and what one keeps for then.

export default {
  title: 'Later',
  in20: 'In 20 minutes',
  in60: 'In an hour',
  in180: 'In 3 hours',
  today: 'Later today, {{time}}',
  tomorrow: 'Tomorrow, {{time}}',
  monday: 'Monday, {{time}}',
  own: 'Another time …',
  when: 'When',
  past: 'This time is over.',
};
