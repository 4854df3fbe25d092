import type { ClientInstance } from '../../client/client-instance'
import type { ResolvedGroupOptions } from '../group-options'
import { BrokerOffsetStore } from './broker-offset-store'
import { CheckedOffsetStore } from './checked-offset-store'
import { instanceOffsets } from './instance-offsets'
import { LocalFileOffsetStore } from './local-file-offset-store'
import type { OffsetStore } from './offset-store'

type OptionName = 'consumerGroup' | 'localOffsetStoreDir' | 'broadcastOffsetKey' | 'messageModel' | 'offsetStore'

/** The user's store, with its offsets checked, else the brokers, or for broadcasting a file unless the member has a key. */
export function createOffsetStore(
  client: Pick<ClientInstance, 'clientId' | 'names' | 'offsets' | 'remoting' | 'routes'>,
  options: Pick<ResolvedGroupOptions, OptionName>,
): OffsetStore {
  const { consumerGroup, localOffsetStoreDir, broadcastOffsetKey, messageModel, offsetStore } = options
  if (offsetStore !== undefined) return new CheckedOffsetStore(offsetStore)
  if (messageModel === 'CLUSTERING') return new BrokerOffsetStore(consumerGroup, client.offsets)
  if (broadcastOffsetKey !== undefined) return instanceOffsets(client, { consumerGroup, broadcastOffsetKey })
  const { clientId, names } = client
  // Groups of other namespaces have files of their own.
  return new LocalFileOffsetStore({
    clientId,
    consumerGroup: names.wire(consumerGroup),
    directory: localOffsetStoreDir,
  })
}
