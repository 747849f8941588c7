// Texts of `thread`.

export default {
  title: 'سلسلة الردود',
  replies_zero: 'لا ردود',
  replies_one: 'رد واحد',
  replies_two: 'ردّان',
  replies_few: '{{count}} ردود',
  replies_many: '{{count}} ردًا',
  replies_other: '{{count}} رد',
  last: 'آخرها {{time}}',
  follow: 'متابعة هذه السلسلة',
  unfollow: 'إلغاء متابعة هذه السلسلة',
  gone: 'هذه السلسلة غير موجودة هنا',
  composer: 'رد',
  back: 'إلى المحادثة',
};
