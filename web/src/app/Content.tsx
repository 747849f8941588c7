// What the address leads to, beside the list.

import { Route, Switch, useSearch } from 'wouter';
import { ConversationPage, OtherPages } from './pages';

export function Content() {
  return (
    <Switch>
      <Route path="/c/:id">{({ id }) => <Conversation id={id} parentId={null} />}</Route>
      <Route path="/c/:id/t/:parent">{({ id, parent }) => <Conversation id={id} parentId={parent} />}</Route>
      <Route>
        <OtherPages />
      </Route>
    </Switch>
  );
}

function Conversation({ id, parentId }: { id: string; parentId: string | null }) {
  const at = new URLSearchParams(useSearch()).get('at');
  const seq = at && /^\d{1,15}$/.test(at) ? Number(at) : null;
  return <ConversationPage conversationId={id} parentId={parentId} at={seq} />;
}
