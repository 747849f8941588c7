// Texts of `slash`: commands that begin with a slash.

export default {
  commands: 'الأوامر',
  shrug: 'هزّ الكتفين: ¯\\_(ツ)_/¯',
  me: 'قل ما تفعله',
  poll: 'اسأل أعضاء هذه المحادثة',
  remind: 'ذكّر نفسك بشيء',
  text: '[نص]',
  question: '[سؤال]',
  by: '{{bot}}: {{text}}',
  answer: 'لا يرى هذا الرد سواك',
  failed: 'تعذّر تنفيذ الأمر: {{why}}',
  given: 'أُرسل /{{name}}، وسيرد الروبوت هنا.',
};
