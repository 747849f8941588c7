// Texts of `saved`: messages that one wants to find again.

export default {
  title: 'Gespeichert',
  nothing: 'Noch nichts gespeichert',
  nothingText:
    'Wähle „Für später speichern“ im Menü einer Nachricht, um sie hier wiederzufinden. Niemand sonst sieht das.',
  gone: 'Du kannst diese Nachricht nicht mehr sehen.',
  remove: 'Nicht mehr speichern',
  done: 'Gespeichert. Nur du siehst das.',
  removed: 'Nicht mehr gespeichert',
};
