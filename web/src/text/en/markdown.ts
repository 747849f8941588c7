// Texts of `markdown`.

export default {
  more: 'Show more',
  less: 'Show less',
  leadsTo: '(leads to {{host}})',
  quote: 'Answer to',
  taskDone: 'Done',
  taskOpen: 'Not done',
  code: 'Code',
  codeIn: 'Code in {{language}}',
  table: 'Table',
  copyFailed: 'The browser did not allow copying.',
};
