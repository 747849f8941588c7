// Texts of `slash`: commands that begin with a slash.

export default {
  commands: 'Comandos',
  shrug: 'Encogerse de hombros: ¯\\_(ツ)_/¯',
  me: 'Di lo que haces',
  poll: 'Pregunta a los miembros de esta conversación',
  remind: 'Recuérdate algo',
  text: '[texto]',
  question: '[pregunta]',
  by: '{{bot}}: {{text}}',
  answer: 'Solo tú lo ves',
  waiting: '{{bot}} está en ello…',
  offline: 'No se puede contactar con {{bot}}.',
  noAnswer: '{{bot}} no ha respondido.',
  badAnswer: '{{bot}} dio una respuesta que no se puede mostrar.',
  dismiss: 'Descartar',
  failed: 'No se pudo dar el comando: {{why}}',
};
