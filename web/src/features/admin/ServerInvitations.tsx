// Invitation links onto the server, for making an account.

import { useText } from '@/lib/text';
import type { Invitation, InvitationCreate, Page } from '@/protocol.gen';
import { Section } from '@/ui/Section';
import { Invitations } from '@/ui/Invitations';
import { api, useUser } from '@/sync';

function load(cursor: string | undefined, signal: AbortSignal): Promise<Page<Invitation>> {
  return api.get('/invitations', { cursor }, signal);
}

function make(create: InvitationCreate): Promise<Invitation> {
  return api.post('/invitations', create);
}

function revoke(id: string): Promise<void> {
  return api.delete(`/invitations/${id}`);
}

export function ServerInvitations() {
  const t = useText();
  return (
    <Section title={t('admin.invite')} text={t('admin.inviteText')}>
      <Invitations load={load} make={make} revoke={revoke} Who={Name} />
    </Section>
  );
}

function Name({ userId }: { userId: string }) {
  const t = useText();
  return <bdi>{useUser(userId)?.display_name ?? t('common.unknownUser')}</bdi>;
}
