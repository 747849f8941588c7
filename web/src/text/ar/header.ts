// Texts of `header`: the line above a conversation.

export default {
  details: 'التفاصيل',
  pins: 'المثبّتة',
  memberCount_zero: 'لا أعضاء',
  memberCount_one: 'عضو واحد',
  memberCount_two: 'عضوان',
  memberCount_few: '{{count}} أعضاء',
  memberCount_many: '{{count}} عضوًا',
  memberCount_other: '{{count}} عضو',
  archived: 'مؤرشفة',
  search: 'ابحث في هذه المحادثة',
  expires: 'تُمحى الرسائل بعد {{span}}',
};
