// Texts of `reminder`: what one wants to be told of at a time.

export default {
  title: 'Recordatorios',
  remind: 'Recordármelo…',
  choose: '¿Cuándo quieres el recordatorio?',
  note: 'Nota para ti (opcional)',
  set: 'Recordar',
  done: 'Se te recordará: {{when}}',
  about: '¿De qué?',
  new: 'Nuevo recordatorio',
  due: 'Pendiente',
  dueNotice: 'Recordatorio: {{text}}',
  dueMessage: 'Recordatorio sobre un mensaje',
  show: 'Ver',
  complete: 'Hecho',
  putOff: 'Recordar más tarde',
  nothing: 'No hay recordatorios',
  nothingText: 'Elige «Recordármelo» en el menú de un mensaje o crea un recordatorio propio.',
  aMessage: 'Un mensaje',
};
