// Running the server: its name, who may register, its accounts, and invitations onto it. For its owner and admins only.

import { MailPlus, Server, ShieldX, Smile, Users, Webhook } from 'lucide-react';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import { paths, type AdminPage as PageId } from '@/lib/paths';
import { useText, type TextKey } from '@/lib/text';
import { Empty, Loading } from '@/ui';
import { PageLayout } from '@/ui/PageLayout';
import { useAccount } from '@/sync';
import { ServerInvitations } from './ServerInvitations';
import { ServerPage } from './ServerPage';
import { UsersPage } from './UsersPage';

const pages = [
  { id: 'server', title: 'admin.server', Icon: Server },
  { id: 'users', title: 'admin.users', Icon: Users },
  { id: 'invitations', title: 'admin.invitations', Icon: MailPlus },
  { id: 'emoji', title: 'emojis.title', Icon: Smile },
  { id: 'webhooks', title: 'webhook.title', Icon: Webhook },
] as const satisfies readonly { id: PageId; title: TextKey; Icon: typeof Server }[];

interface AdminPageProps {
  /** The emoji of this server. */
  emoji: ReactNode;
  /** The programs that are told what happens on this server. */
  integrations: ReactNode;
}

export default function AdminPage({ emoji, integrations }: AdminPageProps) {
  const t = useText();
  const account = useAccount();
  const { page } = useParams();
  if (!account) return <Loading />;
  const { server_role: role, id } = account.user;
  if (role === 'member') {
    return <Empty icon={<ShieldX size="1.5rem" />} title={t('admin.notForYou')} text={t('admin.notForYouText')} />;
  }
  const chosen = pages.find((known) => known.id === page)?.id ?? 'server';
  return (
    <PageLayout
      title={t('admin.title')}
      chosen={page}
      listHref={paths.adminList}
      backHref={paths.home}
      links={pages.map((known) => ({
        id: known.id,
        href: paths.admin(known.id),
        label: t(known.title),
        icon: <known.Icon aria-hidden="true" />,
      }))}
    >
      {chosen === 'server' && <ServerPage role={role} />}
      {chosen === 'users' && <UsersPage role={role} self={id} />}
      {chosen === 'invitations' && <ServerInvitations />}
      {chosen === 'emoji' && emoji}
      {chosen === 'webhooks' && integrations}
    </PageLayout>
  );
}
