import type { GrowthSubject } from './growth-subject'
import { cached } from './subjects/cached'
import { emulatorStore } from './subjects/emulator-store'
import { heap } from './subjects/heap'
import { inFlight } from './subjects/in-flight'
import { members } from './subjects/members'
import { messageSize } from './subjects/message-size'
import { properties } from './subjects/properties'
import { queues } from './subjects/queues'
import { topics } from './subjects/topics'

/** All that is measured against its size, by the name on the command line. */
export const SUBJECTS = {
  queues,
  topics,
  members,
  'in-flight': inFlight,
  'message-size': messageSize,
  properties,
  cached,
  heap,
  'emulator-store': emulatorStore,
} as const satisfies Record<string, GrowthSubject>

export type SubjectName = keyof typeof SUBJECTS
