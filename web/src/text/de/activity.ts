// Texts of `activity`: what one was notified of.

export default {
  title: 'Aktivität',
  mention: 'hat dich erwähnt',
  reply: 'hat geantwortet',
  keyword: 'hat eines deiner Schlüsselwörter verwendet',
  direct: 'hat dir geschrieben',
  message: 'hat geschrieben',
  unread: 'Noch nicht gelesen',
  nothing: 'Noch nichts',
  nothingText: 'Erwähnungen, Antworten und Direktnachrichten, über die du benachrichtigt wurdest, stehen hier.',
};
