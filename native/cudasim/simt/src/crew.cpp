/* SPDX-License-Identifier: Apache-2.0 */
#include "crew.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <signal.h>

namespace cudasim {
namespace {

struct Together {
    const std::function<void(uint32_t)> &task;
    std::mutex mutex;
    std::condition_variable done;
    uint32_t running;
};

struct Member {
    std::mutex mutex;
    std::condition_variable wanted;
    Together *together = nullptr;
    uint32_t part = 0;

    void give(Together &what, uint32_t its_part)
    {
        std::lock_guard<std::mutex> lock(mutex);
        together = &what;
        part = its_part;
        wanted.notify_one();
    }
};

struct Crew {
    std::mutex mutex;
    std::vector<Member *> idle;
};

/* Never destroyed, as its members may outlive main. */
Crew &crew()
{
    static auto *the_crew = new Crew;
    return *the_crew;
}

[[noreturn]] void serve(Member *self)
{
    for (;;) {
        Together *together;
        {
            std::unique_lock<std::mutex> lock(self->mutex);
            self->wanted.wait(lock, [self] { return self->together != nullptr; });
            together = self->together;
            self->together = nullptr;
        }
        together->task(self->part);
        {
            std::lock_guard<std::mutex> lock(crew().mutex);
            crew().idle.push_back(self);
        }
        std::lock_guard<std::mutex> lock(together->mutex);
        if (--together->running == 0) {
            together->done.notify_one();
        }
    }
}

/* The process's signals are its own business: a member inherits a mask that lets none of them in. */
Member *hire()
{
    auto member = std::make_unique<Member>();
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    Member *hired = member.get();
    try {
        std::thread(serve, hired).detach();
        static_cast<void>(member.release());
    } catch (const std::system_error &) {
        hired = nullptr;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return hired;
}

} // namespace

bool run_together(uint32_t parts, const std::function<void(uint32_t)> &task)
{
    Together together{task, {}, {}, parts - 1};
    std::vector<Member *> members;
    {
        Crew &all = crew();
        std::lock_guard<std::mutex> lock(all.mutex);
        while (members.size() < parts - 1) {
            Member *member = nullptr;
            if (all.idle.empty()) {
                member = hire();
            } else {
                member = all.idle.back();
                all.idle.pop_back();
            }
            if (member == nullptr) {
                all.idle.insert(all.idle.end(), members.begin(), members.end());
                return false;
            }
            members.push_back(member);
        }
    }
    for (uint32_t part = 1; part < parts; part++) {
        members[part - 1]->give(together, part);
    }
    task(0);
    std::unique_lock<std::mutex> lock(together.mutex);
    together.done.wait(lock, [&] { return together.running == 0; });
    return true;
}

} // namespace cudasim
