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
  answer: 'لا يرى هذا سواك',
  waiting: '{{bot}} يعمل على ذلك…',
  offline: 'يتعذّر الوصول إلى {{bot}}.',
  noAnswer: 'لم يرد {{bot}}.',
  badAnswer: 'أعطى {{bot}} ردًا لا يمكن عرضه.',
  dismiss: 'إخفاء',
  failed: 'تعذّر تنفيذ الأمر: {{why}}',
};
