import type * as AveragelyFile from '../../../lib/consumer/allocate/averagely'
import type * as CircleFile from '../../../lib/consumer/allocate/averagely-by-circle'
import type * as ConfigFile from '../../../lib/consumer/allocate/by-config'
import type * as RoomFile from '../../../lib/consumer/allocate/by-machine-room'
import type * as HashFile from '../../../lib/consumer/allocate/consistent-hash'
import type * as NearbyFile from '../../../lib/consumer/allocate/machine-room-nearby'
import type * as SortFile from '../../../lib/consumer/allocate/sort'
import type { AllocateMessageQueueStrategy } from '../../../lib/consumer/allocate/allocate-strategy'
import type { Measurable, MeasuredBuild, Subject } from '../micro-case'
import { queuesOn, scattered } from '../samples'

const QUEUES = queuesOn(50, 20)
const CLIENT_IDS = Array.from({ length: 50 }, (_, i) => `10.0.0.${100 + i}@${1000 + i}`)

function allocating({ allocate }: AllocateMessageQueueStrategy): Measurable {
  const input = { consumerGroup: 'bench', clientId: CLIENT_IDS[17] as string, queues: QUEUES, clientIds: CLIENT_IDS }
  return { run: () => allocate(input) }
}

const loadAveragely = (build: MeasuredBuild): AllocateMessageQueueStrategy =>
  build.load<typeof AveragelyFile>('consumer/allocate/averagely').allocateAveragely

/** What one member of 50 does to find its share of 1,000 queues. */
export const allocation: Subject = {
  AVG: build => allocating(loadAveragely(build)),
  AVG_BY_CIRCLE: build =>
    allocating(build.load<typeof CircleFile>('consumer/allocate/averagely-by-circle').allocateAveragelyByCircle),
  CONSISTENT_HASH: build => {
    const { allocateByConsistentHash } = build.load<typeof HashFile>('consumer/allocate/consistent-hash')
    return allocating(allocateByConsistentHash())
  },
  MACHINE_ROOM: build => {
    const { allocateByMachineRoom } = build.load<typeof RoomFile>('consumer/allocate/by-machine-room')
    return allocating(allocateByMachineRoom(['room-0']))
  },
  MACHINE_ROOM_NEARBY: build => {
    const { allocateMachineRoomNearby } = build.load<typeof NearbyFile>('consumer/allocate/machine-room-nearby')
    const brokerDeployIn = ({ brokerName }: { brokerName: string }): string => brokerName.slice(0, 6)
    const consumerDeployIn = (clientId: string): string => `room-${Number(clientId.at(-1)) % 2}`
    return allocating(allocateMachineRoomNearby(loadAveragely(build), { brokerDeployIn, consumerDeployIn }))
  },
  CONFIG: build => {
    const { allocateByConfig } = build.load<typeof ConfigFile>('consumer/allocate/by-config')
    return allocating(allocateByConfig(QUEUES.slice(0, 20)))
  },
  'sort the queues': build => {
    const { sortedQueues } = build.load<typeof SortFile>('consumer/allocate/sort')
    const places = scattered(QUEUES.length, 1 << 30)
    const mixed = QUEUES.map((queue, i) => ({ queue, place: places[i] as number })).sort((a, b) => a.place - b.place)
    const queues = mixed.map(({ queue }) => queue)
    return { run: () => sortedQueues(queues) }
  },
}
