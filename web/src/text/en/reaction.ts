// Texts of `reaction`.

export default {
  reactions: 'Reactions',
  add: 'Add a reaction',
  with: 'React with {{emoji}}',
  who: 'Who reacted',
  chip_one: '{{emoji}}, {{count}} reaction',
  chip_other: '{{emoji}}, {{count}} reactions',
  others_one: '{{count}} other',
  others_other: '{{count}} others',
  reacted: '{{names}}: {{emoji}}',
};
