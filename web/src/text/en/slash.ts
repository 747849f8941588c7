// Texts of `slash`: commands that begin with a slash.

export default {
  commands: 'Commands',
  shrug: 'Shrug: ¯\\_(ツ)_/¯',
  me: 'Say what you are doing',
  poll: 'Ask the members of this conversation',
  remind: 'Remind yourself of something',
  text: '[text]',
  question: '[question]',
  by: '{{bot}}: {{text}}',
  answer: 'Only you see this',
  waiting: '{{bot}} is working on it …',
  offline: '{{bot}} cannot be reached.',
  noAnswer: '{{bot}} has not answered.',
  badAnswer: '{{bot}} gave an answer that cannot be shown.',
  dismiss: 'Dismiss',
  failed: 'The command could not be given: {{why}}',
};
