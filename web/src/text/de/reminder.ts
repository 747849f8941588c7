// Texts of `reminder`: what one wants to be told of at a time.

export default {
  title: 'Erinnerungen',
  remind: 'Erinnere mich …',
  choose: 'Wann möchtest du erinnert werden?',
  note: 'Notiz an dich (optional)',
  set: 'Erinnern',
  done: 'Du wirst erinnert: {{when}}',
  about: 'Woran?',
  new: 'Neue Erinnerung',
  due: 'Fällig',
  dueNotice: 'Erinnerung: {{text}}',
  dueMessage: 'Erinnerung an eine Nachricht',
  show: 'Anzeigen',
  complete: 'Erledigt',
  putOff: 'Später erinnern',
  nothing: 'Keine Erinnerungen',
  nothingText: 'Wähle „Erinnere mich“ im Menü einer Nachricht oder lege selbst eine Erinnerung an.',
  aMessage: 'Eine Nachricht',
};
