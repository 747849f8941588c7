// Texts of `reaction`.

export default {
  reactions: 'Reacciones',
  add: 'Añadir una reacción',
  with: 'Reaccionar con {{emoji}}',
  who: 'Quién ha reaccionado',
  chip_one: '{{emoji}}, {{count}} reacción',
  chip_many: '{{emoji}}, {{count}} reacciones',
  chip_other: '{{emoji}}, {{count}} reacciones',
  others_one: '{{count}} persona más',
  others_many: '{{count}} personas más',
  others_other: '{{count}} personas más',
  reacted: '{{names}}: {{emoji}}',
};
