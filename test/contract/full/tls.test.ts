import { Authority } from '../../support/certificates'
import { describeOwnServers } from '../../support/cluster'
import { PATIENTLY } from '../../support/site'

const { ca } = new Authority()

describeOwnServers('TLS with servers that speak none', { jvm: () => ['-Dtls.server.mode=disabled'] }, cluster => {
  cluster.it('fault 27: fails, and says so; without TLS they serve', async site => {
    await expect(site.newProducer({ tls: { ca } }).start(PATIENTLY)).rejects.toMatchObject({
      code: 'NO_NAME_SERVER',
      message: expect.stringMatching(/does not speak TLS|it may not speak TLS/),
    })
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    expect(await producer.send({ topic, body: 'b' })).toMatchObject({ sendStatus: 'SEND_OK' })
  })
})
