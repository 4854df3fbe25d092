import type { ClientInstance } from '../../client/client-instance'
import type { ResolvedGroupOptions } from '../group-options'
import { BrokerOffsetStore } from './broker-offset-store'
import { LocalFileOffsetStore } from './local-file-offset-store'
import type { OffsetStore } from './offset-store'

/** The user's store, else the brokers, or for broadcasting a file. */
export function createOffsetStore(
  client: Pick<ClientInstance, 'clientId' | 'names' | 'offsets'>,
  options: Pick<ResolvedGroupOptions, 'consumerGroup' | 'localOffsetStoreDir' | 'messageModel' | 'offsetStore'>,
): OffsetStore {
  const { consumerGroup, localOffsetStoreDir, messageModel, offsetStore } = options
  if (offsetStore !== undefined) return offsetStore
  if (messageModel === 'CLUSTERING') return new BrokerOffsetStore(consumerGroup, client.offsets)
  const { clientId, names } = client
  // Groups of other namespaces have files of their own.
  return new LocalFileOffsetStore({
    clientId,
    consumerGroup: names.wire(consumerGroup),
    directory: localOffsetStoreDir,
  })
}
