// One account, and what those above it may do to it.

import { Crown, KeyRound, MoreHorizontal, ShieldCheck, ShieldMinus, UserRoundCheck, UserRoundX } from 'lucide-react';
import { openOverlay } from '@/lib/overlay';
import { useText, type TextKey } from '@/lib/text';
import type { AdminUserUpdate, ServerRole, User } from '@/protocol.gen';
import { confirm, IconButton } from '@/ui';
import { attempt } from '@/ui/attempt';
import type { Question } from '@/ui/confirm';
import { Menu } from '@/ui/Menu';
import { PersonRow } from '@/ui/PersonRow';
import { api } from '@/sync';
import { newPassword } from './password';

const roles: readonly ServerRole[] = ['member', 'admin', 'owner'];
const roleText: Record<ServerRole, TextKey> = {
  member: 'admin.member',
  admin: 'admin.admin',
  owner: 'admin.owner',
};

export interface UserRowProps {
  user: User;
  /** One's own. */
  role: ServerRole;
  isSelf: boolean;
  onChanged: (user: User) => void;
  onPassword: (password: string) => void;
}

export function UserRow({ user, role, isSelf, onChanged, onPassword }: UserRowProps) {
  const t = useText();
  const name = user.display_name;
  const above = !isSelf && roles.indexOf(role) > roles.indexOf(user.server_role);
  const mark = [isSelf && t('common.you'), user.server_role !== 'member' && t(roleText[user.server_role])];

  const update = async (change: AdminUserUpdate, said: string, question?: Question) => {
    if (question && !(await confirm(question))) return;
    await attempt(api.put<User>(`/admin/users/${user.id}`, change).then(onChanged), said);
  };
  const reset = async () => {
    const sure = await confirm({
      title: t('admin.resetTitle', { name }),
      text: t('admin.resetText'),
      action: t('admin.reset'),
    });
    if (!sure) return;
    const password = newPassword();
    if (!(await attempt(api.put<User>(`/admin/users/${user.id}`, { password }), t('admin.wasReset')))) return;
    onPassword(password);
  };

  return (
    <PersonRow
      person={user}
      mark={mark.filter(Boolean).join(' · ') || undefined}
      note={
        <>
          <bdi dir="ltr">@{user.username}</bdi>
          {user.disabled && ` · ${t('admin.disabled')}`}
        </>
      }
      onOpen={() => openOverlay({ kind: 'profile', userId: user.id })}
    >
      {above && (
        <Menu
          trigger={
            <IconButton label={t('admin.userMenu', { name })}>
              <MoreHorizontal size="1.2em" />
            </IconButton>
          }
          items={[
            !user.bot && { label: t('admin.reset'), icon: <KeyRound size="1em" />, onSelect: () => void reset() },
            role === 'owner' &&
              !user.bot &&
              user.server_role === 'member' && {
                label: t('admin.makeAdmin'),
                icon: <ShieldCheck size="1em" />,
                onSelect: () => void update({ server_role: 'admin' }, t('admin.roleChanged', { name })),
              },
            role === 'owner' &&
              user.server_role === 'admin' && {
                label: t('admin.makeMember'),
                icon: <ShieldMinus size="1em" />,
                onSelect: () => void update({ server_role: 'member' }, t('admin.roleChanged', { name })),
              },
            role === 'owner' &&
              !user.bot &&
              !user.disabled && {
                label: t('admin.handOver'),
                icon: <Crown size="1em" />,
                onSelect: () =>
                  void update({ server_role: 'owner' }, t('admin.handedOver', { name }), {
                    title: t('admin.handOverTitle', { name }),
                    text: t('admin.handOverText', { name }),
                    action: t('admin.handOver'),
                    danger: true,
                  }),
              },
            'line',
            user.disabled
              ? {
                  label: t('admin.enable'),
                  icon: <UserRoundCheck size="1em" />,
                  onSelect: () => void update({ disabled: false }, t('admin.enabled', { name })),
                }
              : {
                  label: t('admin.disable'),
                  icon: <UserRoundX size="1em" />,
                  danger: true,
                  onSelect: () =>
                    void update({ disabled: true }, t('admin.wasDisabled', { name }), {
                      title: t('admin.disableTitle', { name }),
                      text: t('admin.disableText'),
                      action: t('admin.disable'),
                      danger: true,
                    }),
                },
          ]}
        />
      )}
    </PersonRow>
  );
}
