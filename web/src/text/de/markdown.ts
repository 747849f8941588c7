// Texts of `markdown`.

export default {
  more: 'Mehr anzeigen',
  less: 'Weniger anzeigen',
  leadsTo: '(führt zu {{host}})',
  quote: 'Antwort auf',
  taskDone: 'Erledigt',
  taskOpen: 'Offen',
  code: 'Code',
  codeIn: 'Code in {{language}}',
  table: 'Tabelle',
  copyFailed: 'Der Browser hat das Kopieren nicht erlaubt.',
};
