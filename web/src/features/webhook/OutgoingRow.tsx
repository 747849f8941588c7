// One address that is told what happens, with what can be done about it.

import { Ellipsis, Send } from 'lucide-react';
import { useState } from 'react';
import { useText } from '@/lib/text';
import type { Webhook } from '@/protocol.gen';
import { api } from '@/sync';
import { confirm, IconButton } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Menu } from '@/ui/Menu';
import { SettingRow } from '@/ui/Section';
import { Deliveries } from './Deliveries';
import { groups, isIn } from './topics';

interface OutgoingRowProps {
  webhook: Webhook;
  onChange: (next: Webhook) => void;
  onRemove: () => void;
  onSecret: (secret: string) => void;
}

export function OutgoingRow({ webhook, onChange, onRemove, onSecret }: OutgoingRowProps) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const { id, url, events, disabled_at: off, disabled_reason: why } = webhook;
  const path = `/webhooks/${id}`;

  const enable = (enabled: boolean) => void attempt(api.put<Webhook>(path, { enabled }).then(onChange));
  const rotate = async () => {
    const sure = await confirm({
      title: t('webhook.newSecretTitle'),
      text: t('webhook.newSecretText'),
      action: t('webhook.newSecret'),
    });
    if (!sure) return;
    await attempt(api.post<Webhook>(`${path}/secret`).then(({ secret }) => secret && onSecret(secret)));
  };
  const remove = async () => {
    const sure = await confirm({
      title: t('webhook.removeTitle', { name: url }),
      text: t('webhook.removeOutText'),
      action: t('common.remove'),
      danger: true,
    });
    if (sure && (await attempt(api.delete(path)))) onRemove();
  };

  const told = groups.filter((group) => isIn(events, group)).map(({ label }) => t(label));
  const state = !off ? t('webhook.on') : why ? t('webhook.offBecause', { why }) : t('webhook.off');
  return (
    <div>
      <SettingRow
        icon={<Send size="1.2em" />}
        title={<bdi dir="ltr">{url}</bdi>}
        text={`${state} · ${told.join(', ')}`}
      >
        <Menu
          trigger={
            <IconButton label={t('common.more')}>
              <Ellipsis size="1.1em" />
            </IconButton>
          }
          items={[
            { label: t('webhook.deliveries'), checked: open, onSelect: () => setOpen(!open) },
            { label: t(off ? 'webhook.enable' : 'webhook.disable'), onSelect: () => enable(Boolean(off)) },
            { label: t('webhook.newSecret'), onSelect: () => void rotate() },
            'line',
            { label: t('common.remove'), danger: true, onSelect: () => void remove() },
          ]}
        />
      </SettingRow>
      {open && <Deliveries webhookId={id} />}
    </div>
  );
}
