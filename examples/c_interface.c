// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The bitcoinleveldb-arena authors
//
// The arena from C: a list of words that is given back as a whole.

#include <bitcoinleveldb_arena.h>
#include <stdio.h>
#include <string.h>

struct word {
  struct word* next;
  const char* text;
};

// Puts a copy of `text` in front of `list`. Returns NULL if memory runs out.
static struct word* push(bitcoinleveldb_arena* arena, struct word* list,
                         const char* text) {
  const size_t bytes = strlen(text) + 1;
  struct word* const word =
      bitcoinleveldb_arena_allocate_aligned(arena, sizeof(struct word));
  char* const copy = bitcoinleveldb_arena_allocate(arena, bytes);
  if (word == NULL || copy == NULL) return NULL;
  memcpy(copy, text, bytes);
  word->next = list;
  word->text = copy;
  return word;
}

int main(void) {
  bitcoinleveldb_arena* arena = NULL;
  bitcoinleveldb_arena_options options = BITCOINLEVELDB_ARENA_OPTIONS_INIT;
  options.block_bytes = 64 * 1024;
  const bitcoinleveldb_arena_error error =
      bitcoinleveldb_arena_create(&options, &arena);
  if (error != BITCOINLEVELDB_ARENA_OK) {
    fprintf(stderr, "%s\n", bitcoinleveldb_arena_error_string(error));
    return 1;
  }

  struct word* list = NULL;
  char text[32];
  for (int i = 0; i != 5000; ++i) {
    snprintf(text, sizeof(text), "word %d", i);
    list = push(arena, list, text);
    if (list == NULL) {
      fputs(bitcoinleveldb_arena_error_string(
                bitcoinleveldb_arena_last_error(arena)),
            stderr);
      return 1;
    }
  }

  int words = 0;
  for (const struct word* word = list; word != NULL; word = word->next) ++words;
  bitcoinleveldb_arena_stats stats = BITCOINLEVELDB_ARENA_STATS_INIT;
  bitcoinleveldb_arena_get_stats(arena, &stats);
  printf("%d words, the last one is \"%s\", in %zu blocks of %zu bytes\n",
         words, list->text, stats.blocks, options.block_bytes);
  const int right = words == 5000 && strcmp(list->text, "word 4999") == 0;

  bitcoinleveldb_arena_destroy(arena);
  return right ? 0 : 1;
}
