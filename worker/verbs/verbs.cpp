#include <array>

#include "worker/verbs/makers.hpp"

namespace checkerlab::worker {
namespace {

// Whoever adds a verb names it in cli/verbs/model.cpp too, which the completion scripts are written from.
const std::array kVerbs{
    ModelVerbEntry{"devices", "List what can compute on this machine",
                   "  checkerlab model devices\n"
                   "  checkerlab model devices --json",
                   make_devices_verb},
    ModelVerbEntry{"inspect", "Tell what a checkpoint, model or tokenizer file is",
                   "  checkerlab model inspect checkpoint-105.pth\n"
                   "  checkerlab model inspect runs/small/model.safetensors --json",
                   make_inspect_verb},
    ModelVerbEntry{
        "export", "Write a model for the released code, or take one of it over",
        "  checkerlab model export checkpoint-105.pth --out ours --format checkerlab\n"
        "  checkerlab model export runs/small/checkpoint.safetensors --tokenizer tokenizer.safetensors --out theirs\n"
        "  checkerlab model export checkpoint-105.pth --out averaged --ema",
        make_export_verb},
    ModelVerbEntry{"train", "Train a model from a recipe, and continue where it stopped",
                   "  checkerlab model train recipe.yaml --out runs/small\n"
                   "  checkerlab model train recipe.yaml --set model.train.epochs=20 --device cuda:0\n"
                   "  checkerlab model train recipe.yaml --restart --json",
                   make_train_verb},
    ModelVerbEntry{
        "tokenize", "Encode an image set into a token cache",
        "  checkerlab model tokenize --tokenizer autoenc_checkpoint.pth --images imagenet/train --out cache\n"
        "  checkerlab model tokenize --tokenizer t.safetensors --images 'set-{000000..000146}.tar' --out cache "
        "--image-size 128 --crops flip",
        make_tokenize_verb},
    ModelVerbEntry{
        "retrain-codebook", "Train a new codebook, everything else frozen, so that small scales are coded well",
        "  checkerlab model retrain-codebook --tokenizer vq_ds16_c2i.pt --images imagenet/train --out "
        "t.safetensors\n"
        "  checkerlab model retrain-codebook --tokenizer t.safetensors --images set.tar --out new.safetensors "
        "--resume new.safetensors.checkpoint",
        make_retrain_codebook_verb},
    ModelVerbEntry{"reconstruct", "Measure how well a tokenizer codes images, scale by scale, and show it",
                   "  checkerlab model reconstruct --tokenizer t.safetensors --images imagenet --out sheet.png\n"
                   "  checkerlab model reconstruct --tokenizer t.safetensors --images set.tar --network n.safetensors "
                   "--json",
                   make_reconstruct_verb},
    ModelVerbEntry{
        "sample", "Draw images from a checkpoint, with maps of how they came about",
        "  checkerlab model sample --checkpoint run/checkpoint.pth --classes 207,360 --guidance 1.5 --out samples\n"
        "  checkerlab model sample --checkpoint model.safetensors --tokenizer tokenizer.safetensors --out samples\n"
        "  checkerlab model sample --checkpoint run/checkpoint.pth --count 50000 --npz --out samples",
        make_sample_verb},
    ModelVerbEntry{
        "entropy", "Measure how uncertain a model is in each step of sampling",
        "  checkerlab model entropy --checkpoint run/checkpoint.pth --steps-per-scale 8 --out entropy\n"
        "  checkerlab model entropy --checkpoint model.safetensors --count 10000 --guidance 1.5 --out entropy",
        make_entropy_verb},
    ModelVerbEntry{
        "trace", "Compute intermediates and results of a model by name",
        "  checkerlab model trace --checkpoint run/checkpoint.pth --inputs in.safetensors --out out.safetensors\n"
        "  checkerlab model trace --checkpoint run/checkpoint.pth --inputs in.safetensors --out out.safetensors "
        "--only logits.4,loss.4",
        make_trace_verb},
};

// Handed over by cli/verbs/hand_over.cpp; named in cli/verbs/verbs.cpp too.
const std::array kTopVerbs{
    ModelVerbEntry{
        "features", "Write the features of images, as metrics see them, to a safetensors file",
        "  checkerlab features --network inception-2015-12-05.pt --out samples.safetensors samples.npz\n"
        "  checkerlab features --network inception-2015-12-05 --out f.safetensors folder --device cuda --batch 128\n"
        "  checkerlab features --network network.safetensors --out f.safetensors images.tar.gz --json",
        make_features_verb},
    ModelVerbEntry{
        "score", "Measure samples against a reference: FID, sFID, IS, precision, recall, KID, density, coverage",
        "  checkerlab score --network inception-2015-12-05 --samples samples.npz --reference "
        "VIRTUAL_imagenet256_labeled.npz\n"
        "  checkerlab score --network network.safetensors --samples folder --reference train.tar --metrics fid,is "
        "--json\n"
        "  checkerlab score --sample-features a.safetensors --reference-features b.safetensors --device cuda",
        make_score_verb},
};

}  // namespace

std::span<const ModelVerbEntry> all_model_verbs() {
  return kVerbs;
}

const ModelVerbEntry* find_top_verb(std::string_view name) {
  for (const ModelVerbEntry& entry : kTopVerbs) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace checkerlab::worker
