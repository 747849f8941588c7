// Texts of `reaction`.

export default {
  reactions: 'التفاعلات',
  add: 'إضافة تفاعل',
  with: 'التفاعل بـ {{emoji}}',
  who: 'من تفاعل',
  chip_zero: '{{emoji}}، بلا تفاعلات',
  chip_one: '{{emoji}}، تفاعل واحد',
  chip_two: '{{emoji}}، تفاعلان',
  chip_few: '{{emoji}}، {{count}} تفاعلات',
  chip_many: '{{emoji}}، {{count}} تفاعلًا',
  chip_other: '{{emoji}}، {{count}} تفاعل',
  others_zero: 'لا أحد غيرهم',
  others_one: 'شخص آخر',
  others_two: 'شخصان آخران',
  others_few: '{{count}} آخرون',
  others_many: '{{count}} شخصًا آخر',
  others_other: '{{count}} شخص آخر',
  reacted: '{{names}}: {{emoji}}',
};
