import { openOutbox } from '../../../../lib/producer/outbox/start-outbox'
import { resolveProducerOptions } from '../../../../lib/producer/producer-options'
import { FakeClient } from '../../../support/fake-client'
import { spoolFolders } from '../../../support/spool-setup'

const { fresh } = spoolFolders()
const owner = { tracer: undefined, onBackgroundError: () => undefined }

describe('opening the outbox of a producer', () => {
  it('does nothing where none is asked for', async () => {
    const settings = resolveProducerOptions({ producerGroup: 'g' })
    expect(await openOutbox(new FakeClient().asClient, settings, owner)).toBeUndefined()
  })

  it('takes the folder until it is closed, and sends nothing yet', async () => {
    const settings = resolveProducerOptions({ producerGroup: 'g', outbox: { directory: await fresh() } })
    const client = new FakeClient().asClient
    const opened = await openOutbox(client, settings, owner)
    expect([opened?.outbox.stats.spooled, opened?.topics.size]).toEqual([0, 0])
    expect(opened?.gauges()).toEqual([
      ['outboxMessages', 0],
      ['outboxBytes', 0],
      ['outboxRejected', 0],
      ['outboxAge', 0],
    ])
    await expect(openOutbox(client, settings, owner)).rejects.toMatchObject({ code: 'OUTBOX_LOCKED' })
    await opened?.outbox.close()
    await (await openOutbox(client, settings, owner))?.outbox.close()
  })
})
