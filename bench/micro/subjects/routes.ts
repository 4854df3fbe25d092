import type * as PublishInfoFile from '../../../lib/routing/publish-info'
import type { MeasuredBuild, Subject } from '../micro-case'
import { bigRoute } from './big-answers'

const load = (build: MeasuredBuild): typeof PublishInfoFile =>
  build.load<typeof PublishInfoFile>('routing/publish-info')

/** What a client makes of the route of 100 brokers with 16 queues. */
export const routes: Subject = {
  'queues to write to': build => {
    const { publishInfoOf } = load(build)
    const route = bigRoute()
    return { run: () => publishInfoOf('BenchTopic', route) }
  },
  'queues to read from': build => {
    const { subscribeQueuesOf } = load(build)
    const route = bigRoute()
    return { run: () => subscribeQueuesOf('BenchTopic', route) }
  },
  'compare with the route before': build => {
    const { routeChanged } = load(build)
    const [before, now] = [bigRoute(), bigRoute()]
    return { run: () => routeChanged(before, now) }
  },
}
