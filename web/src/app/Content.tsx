// What the address leads to, beside the list.

import { SearchX } from 'lucide-react';
import { Route, Switch, useSearch } from 'wouter';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { Button, Empty } from '@/ui';
import { ActivityPage, AdminPage, ContactsPage, ConversationPage, LaterPage, SearchPage, SettingsPage } from './pages';

export function Content() {
  return (
    <Switch>
      <Route path="/c/:id">{({ id }) => <Conversation id={id} parentId={null} />}</Route>
      <Route path="/c/:id/t/:parent">{({ id, parent }) => <Conversation id={id} parentId={parent} />}</Route>
      <Route path={paths.contacts}>
        <ContactsPage />
      </Route>
      <Route path={paths.activity}>
        <ActivityPage />
      </Route>
      <Route path="/later/:page?">
        <LaterPage />
      </Route>
      <Route path="/search">
        <SearchPage />
      </Route>
      <Route path="/settings/:page?">
        <SettingsPage />
      </Route>
      <Route path="/admin/:page?">
        <AdminPage />
      </Route>
      <Route>
        <Missing />
      </Route>
    </Switch>
  );
}

function Conversation({ id, parentId }: { id: string; parentId: string | null }) {
  const at = new URLSearchParams(useSearch()).get('at');
  const seq = at && /^\d{1,15}$/.test(at) ? Number(at) : null;
  return <ConversationPage conversationId={id} parentId={parentId} at={seq} />;
}

function Missing() {
  const t = useText();
  return (
    <Empty icon={<SearchX />} title={t('common.pageMissing')} text={t('common.pageMissingText')}>
      <Button onClick={() => go(paths.home)}>{t('common.goHome')}</Button>
    </Empty>
  );
}
