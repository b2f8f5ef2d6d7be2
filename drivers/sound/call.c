// SPDX-License-Identifier: GPL-3.0-or-later
// SDL is there already for the screen and finds the loudspeaker by itself. Its audio thread asks
// for samples; what it needs to know stands in two atomics.
#include "yimen/driver/sound.h"

#include <SDL.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 22050, LOUD_SECONDS = 120, VOLUME = 9000, BUFFER = 1024 };

struct bell {
    SDL_AudioDeviceID device; // 0: not open
    bool has_audio;
    atomic_bool is_urgent;
    atomic_uint at; // samples since the call began
};

// "Ding, dong": 660 Hz and 520 Hz, 0.4 s each, dying away; then a pause.
static Sint16 sample(unsigned at, bool urgent)
{
    const unsigned period = (urgent ? 3U : 8U) * RATE, tone = RATE * 2 / 5;
    unsigned in_period = at % period;
    if (at >= LOUD_SECONDS * RATE || in_period >= 2 * tone)
        return 0;
    double since = (double)(in_period % tone) / RATE, pitch = in_period < tone ? 660 : 520;
    return (Sint16)(VOLUME * exp(-4 * since) * sin(2 * M_PI * pitch * since));
}

static void SDLCALL fill(void *context, Uint8 *out, int length)
{
    struct bell *bell = context;
    bool urgent = atomic_load(&bell->is_urgent);
    for (int i = 0; i + (int)sizeof(Sint16) <= length; i += (int)sizeof(Sint16)) {
        Sint16 value = sample(atomic_fetch_add(&bell->at, 1), urgent);
        memcpy(out + i, &value, sizeof value);
    }
}

static void hush(struct bell *bell)
{
    if (bell->device)
        SDL_CloseAudioDevice(bell->device);
    bell->device = 0;
}

static bool plug(struct bell *bell)
{
    SDL_AudioSpec spec = {.freq = RATE,
                          .format = AUDIO_S16SYS,
                          .channels = 1,
                          .samples = BUFFER,
                          .callback = fill,
                          .userdata = bell};
    if (bell->device && SDL_GetAudioDeviceStatus(bell->device) == SDL_AUDIO_PLAYING)
        return true;
    hush(bell); // it may have been unplugged
    if (!bell->has_audio)
        bell->has_audio = SDL_InitSubSystem(SDL_INIT_AUDIO) == 0;
    if (bell->has_audio)
        bell->device = SDL_OpenAudioDevice(NULL, 0, &spec, NULL, 0);
    atomic_store(&bell->at, 0);
    if (bell->device)
        SDL_PauseAudioDevice(bell->device, 0);
    return bell->device != 0;
}

static enum err set(void *self, const struct call_wanted *wanted, unsigned *reached,
                    struct fail *why)
{
    struct bell *bell = self;
    (void)why;
    atomic_store(&bell->is_urgent, wanted->urgent);
    if (!wanted->calling || wanted->silent)
        hush(bell);
    else if (plug(bell)) {
        atomic_store(&bell->at, 0); // whoever calls again is heard again
        *reached |= CALL_REACHED_SOUND;
    }
    return ERR_OK;
}

static const struct call_ops ops = {.set = set};

enum err sound_call_open(struct call *out, struct fail *why)
{
    struct bell *bell = calloc(1, sizeof *bell);
    *out = (struct call){0};
    if (!bell)
        return fail_set(why, ERR_RETRY, "no memory");
    *out = (struct call){.ops = &ops, .self = bell};
    return ERR_OK;
}

void sound_call_close(struct call *call)
{
    if (!call || !call->self)
        return;
    struct bell *bell = call->self;
    hush(bell);
    if (bell->has_audio)
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
    free(bell);
    *call = (struct call){0};
}
