import type { ClientInstance } from '../../client/client-instance'

/** Topics that a consumer has begun, or ceased, to want. */
export interface TopicsChange {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/**
 * Has brokers hear of it that a running consumer wants other topics, and then shares queues anew. Failures are reported.
 * @param client undefined unless the consumer runs: its start tells them by itself
 */
export function topicsChanged(
  client: Pick<ClientInstance, 'refreshRoutes' | 'heartbeat' | 'forgetUnneededRoutes' | 'report'> | undefined,
  { added, removed }: TopicsChange,
  rebalance: () => Promise<void>,
): void {
  if (client === undefined) return
  const apply = async (): Promise<void> => {
    await client.refreshRoutes(added, {})
    await client.heartbeat()
    await rebalance()
    if (removed.length > 0) client.forgetUnneededRoutes()
  }
  apply().catch((error: unknown) => client.report('a changed subscription could not be applied', error))
}
