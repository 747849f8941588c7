// Texts of `slash`: commands that begin with a slash.

export default {
  commands: 'Befehle',
  shrug: 'Schulterzucken: ¯\\_(ツ)_/¯',
  me: 'Sagen, was du tust',
  poll: 'Die Mitglieder dieser Unterhaltung fragen',
  remind: 'Dich an etwas erinnern',
  text: '[Text]',
  question: '[Frage]',
  by: '{{bot}}: {{text}}',
  answer: 'Nur du siehst das',
  waiting: '{{bot}} arbeitet daran …',
  offline: '{{bot}} ist nicht erreichbar.',
  noAnswer: '{{bot}} hat nicht geantwortet.',
  badAnswer: '{{bot}} hat etwas geantwortet, das sich nicht anzeigen lässt.',
  dismiss: 'Ausblenden',
  failed: 'Der Befehl konnte nicht gegeben werden: {{why}}',
};
