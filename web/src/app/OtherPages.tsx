// The pages beside the conversations. Each is loaded when somebody goes there.

import { SearchX } from 'lucide-react';
import { Route, Switch } from 'wouter';
import { late } from '@/lib/late';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { Button, Empty } from '@/ui';

const ActivityPage = late(() => import('@/features/activity/ActivityPage'));
const AdminPage = late(() => import('./Administration'));
const ContactsPage = late(() => import('@/features/contact/ContactsPage'));
const LaterPage = late(() => import('./LaterPage'));
const SearchPage = late(() => import('@/features/search/SearchPage'));
const SettingsPage = late(() => import('@/features/settings/SettingsPage'));

export default function OtherPages() {
  return (
    <Switch>
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

function Missing() {
  const t = useText();
  return (
    <Empty icon={<SearchX />} title={t('common.pageMissing')} text={t('common.pageMissingText')}>
      <Button onClick={() => go(paths.home)}>{t('common.goHome')}</Button>
    </Empty>
  );
}
