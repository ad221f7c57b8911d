/* SPDX-License-Identifier: Apache-2.0 */
#include "stream.hpp"

#include <exception>

#include <pthread.h>
#include <signal.h>

#include "errors.hpp"
#include "faults/engine.hpp"

namespace cudasim::driver {

namespace {

constexpr int64_t idle_spin_nanos = 100000;

/* While it lives, threads that are made let no signals in but those that they raise themselves. */
class SignalsBlocked {
public:
    SignalsBlocked()
    {
        sigset_t all;
        sigfillset(&all);
        for (int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) {
            sigdelset(&all, own);
        }
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked &) = delete;
    SignalsBlocked &operator=(const SignalsBlocked &) = delete;

private:
    sigset_t before_;
};

} // namespace

abi::Result Health::status() const
{
    if (closed_.load()) {
        return abi::Result::context_is_destroyed;
    }
    return static_cast<abi::Result>(failed_.load());
}

void Health::fail(const Report &report)
{
    std::lock_guard lock(mutex_);
    if (halted_.load()) {
        return; /* what a kernel says that has been halted does not count */
    }
    set_launch_report(report);
    failed_.store(report.code);
    halted_.store(true);
}

void Health::close()
{
    std::lock_guard lock(mutex_);
    closed_.store(true);
    halted_.store(true);
}

void Stream::start()
{
    SignalsBlocked blocked;
    worker_ = std::thread([this] { work(); });
}

Point Stream::push(Command command)
{
    if (!worker_.joinable()) {
        start();
    }
    {
        std::unique_lock lock(mutex_);
        if (gate::is_watched() && faults::Engine::get().rules().queued_commands != 0) {
            room_.wait(lock, [this] { return commands_.size() < faults::Engine::get().rules().queued_commands; });
        }
        commands_.push_back(std::move(command));
        ready_.store(true, std::memory_order_relaxed);
    }
    changed_.notify_one();
    pushed_++;
    return last();
}

void Stream::finish()
{
    {
        std::lock_guard lock(mutex_);
        finishing_ = true;
        ready_.store(true, std::memory_order_relaxed);
    }
    changed_.notify_one();
}

void Stream::join()
{
    if (worker_.joinable()) {
        worker_.join();
    }
}

bool Stream::pop()
{
    for (Spin spinning(idle_spin_nanos); !ready_.load(std::memory_order_relaxed) && spinning.again();) {
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !commands_.empty() || finishing_; });
    if (commands_.empty()) {
        return false;
    }
    current_ = std::move(commands_.front());
    commands_.pop_front();
    room_.notify_one();
    ready_.store(finishing_ || !commands_.empty(), std::memory_order_relaxed);
    return true;
}

void Stream::carry_out(const Command &command)
{
    for (const Point &point : command.after) {
        point.wait();
    }
    if (command.operation == nullptr) {
        return;
    }
    if (checking_ != nullptr) {
        checking_->patience.await(command.due);
    }
    if (!health_.halted().load()) {
        Report report = run(command);
        if (!report.empty()) {
            health_.fail(report);
        }
    }
    if (checking_ != nullptr) {
        checking_->host.ended(command.first_leaf, command.operation->leaves());
    }
}

Report Stream::run(const Command &command)
{
    try {
        return command.operation->run({health_.halted(), checking_, command.first_leaf});
    } catch (const std::exception &exception) {
        return {Code::failed, std::string("the simulator failed: ") + exception.what()};
    }
}

void Stream::work()
{
    pthread_setname_np(pthread_self(), "cudasim-stream");
    uint64_t ticket = 0;
    while (pop()) {
        carry_out(current_);
        current_ = {}; /* whoever waits for the ticket may rely on nothing being held any more */
        timeline_->advance(++ticket);
    }
}

} // namespace cudasim::driver
