// Texts of `reaction`.

export default {
  reactions: 'Reaktionen',
  add: 'Reaktion hinzufügen',
  with: 'Mit {{emoji}} reagieren',
  who: 'Wer reagiert hat',
  chip_one: '{{emoji}}, {{count}} Reaktion',
  chip_other: '{{emoji}}, {{count}} Reaktionen',
  others_one: '{{count}} weitere Person',
  others_other: '{{count}} weitere',
  reacted: '{{names}}: {{emoji}}',
};
