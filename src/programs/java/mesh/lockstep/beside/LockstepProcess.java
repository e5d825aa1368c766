package mesh.lockstep.beside;

import mesh.lockstep.support.WebhookProcess;

/// Ourselves.
record LockstepProcess(WebhookProcess started) implements Running {

    @Override
    public ProcessHandle process() {
        return started.handle();
    }

    @Override
    public int port() {
        return started.httpsPort();
    }

    @Override
    public boolean ready() {
        return started.management("/q/health/ready").statusCode() == 200;
    }

    @Override
    public void close() {
        started.close();
    }
}
