// Texts of `reminder`: what one wants to be told of at a time.

export default {
  title: 'Reminders',
  remind: 'Remind me …',
  choose: 'When do you want to be reminded?',
  note: 'Note to yourself (optional)',
  set: 'Remind me',
  done: 'You will be reminded {{when}}',
  about: 'What about?',
  new: 'New reminder',
  due: 'Due',
  dueNotice: 'Reminder: {{text}}',
  dueMessage: 'Reminder about a message',
  show: 'Show',
  complete: 'Done',
  putOff: 'Remind me later',
  nothing: 'No reminders',
  nothingText: 'Choose “Remind me” in the menu of a message, or make a reminder of your own.',
  aMessage: 'A message',
};
