// Everything a person can set: about themselves, about how this browser shows things, and about their account.

import { Bell, Info, KeyRound, Lock, MonitorSmartphone, Palette, Smile, UserRound, UserRoundCog } from 'lucide-react';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import { paths, type SettingsPage as PageId } from '@/lib/paths';
import { useText, type TextKey } from '@/lib/text';
import { PageLayout } from '@/ui/PageLayout';
import { AboutPage } from './AboutPage';
import { AccountPage } from './AccountPage';
import { AppearancePage } from './AppearancePage';
import { EmojiPage } from './EmojiPage';
import { NotificationsPage } from './NotificationsPage';
import { PrivacyPage } from './PrivacyPage';
import { ProfilePage } from './ProfilePage';
import { SessionsPage } from './SessionsPage';
import { TokensPage } from './TokensPage';

interface Page {
  id: PageId;
  title: TextKey;
  Icon: typeof Bell;
  Content: () => ReactNode;
  group?: TextKey;
}

const pages: readonly Page[] = [
  { id: 'profile', title: 'settings.profile', Icon: UserRound, Content: ProfilePage, group: 'settings.you' },
  { id: 'account', title: 'settings.account', Icon: UserRoundCog, Content: AccountPage },
  { id: 'privacy', title: 'settings.privacy', Icon: Lock, Content: PrivacyPage },
  { id: 'sessions', title: 'settings.sessions', Icon: MonitorSmartphone, Content: SessionsPage },
  { id: 'tokens', title: 'settings.tokens', Icon: KeyRound, Content: TokensPage },
  { id: 'emoji', title: 'emojis.title', Icon: Smile, Content: EmojiPage },
  {
    id: 'appearance',
    title: 'settings.appearance',
    Icon: Palette,
    Content: AppearancePage,
    group: 'settings.thisBrowser',
  },
  { id: 'notifications', title: 'settings.notifications', Icon: Bell, Content: NotificationsPage },
  { id: 'about', title: 'settings.about', Icon: Info, Content: AboutPage, group: 'settings.laserchat' },
];

export default function SettingsPage() {
  const t = useText();
  const { page } = useParams();
  const { Content } = pages.find(({ id }) => id === page) ?? pages[0] ?? { Content: AboutPage };
  return (
    <PageLayout
      title={t('settings.title')}
      chosen={page}
      listHref={paths.settingsList}
      backHref={paths.home}
      links={pages.map(({ id, title, Icon, group }) => ({
        id,
        href: paths.settings(id),
        label: t(title),
        icon: <Icon aria-hidden="true" />,
        group: group && t(group),
      }))}
    >
      <Content />
    </PageLayout>
  );
}
