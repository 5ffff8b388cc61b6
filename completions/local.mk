# Made by the program itself, of its tables; a test compares.
if BASH_COMPLETION
bashcompletiondir = $(bash_completion_dir)
dist_bashcompletion_DATA = completions/bash/esscope
endif
if ZSH_COMPLETION
zshcompletiondir = $(zsh_completion_dir)
dist_zshcompletion_DATA = completions/zsh/_esscope
endif
if FISH_COMPLETION
fishcompletiondir = $(fish_completion_dir)
dist_fishcompletion_DATA = completions/fish/esscope.fish
endif

completions: esscope
	./esscope --print-completion bash >$(srcdir)/completions/bash/esscope
	./esscope --print-completion zsh >$(srcdir)/completions/zsh/_esscope
	./esscope --print-completion fish >$(srcdir)/completions/fish/esscope.fish

.PHONY: completions
