// Texts of `activity`: what one was notified of.

export default {
  title: 'Actividad',
  mention: 'te mencionó',
  reply: 'respondió',
  keyword: 'usó una de tus palabras clave',
  direct: 'te escribió',
  message: 'escribió',
  unread: 'Sin leer',
  nothing: 'Nada todavía',
  nothingText: 'Aquí estarán las menciones, respuestas y mensajes directos de los que se te notificó.',
};
